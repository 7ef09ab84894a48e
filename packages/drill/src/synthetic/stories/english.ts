import type { Tale, Telling } from "./tale.ts";

const LOW_MOOD: Tale = {
  diagnosis: ["F32.1", "Moderate depressive episode"],
  problem:
    "Low mood since last autumn, after a long illness in the family. Sleeps badly, has given up what used to give pleasure, keeps away from people.",
  strengths: "A sister close by, a choir, keeps what is agreed.",
  longTermGoal: "A week with people and music in it again.",
  objectives: [
    ["Sleeps through the night", "five nights a week"],
    ["Does something with other people", "twice a week"],
  ],
  intervention: "Behavioural activation, week by week",
  told: {
    begin: [
      "Low since last autumn[|, worst in the mornings]; gets up [late|only when somebody rings].",
      "Sleeps [four|five] hours, wakes before five and lies thinking of what was left undone.",
      "No appetite; eats [standing up|because one has to].",
      'Has stopped going to choir and answers no messages: "nobody would miss me there".',
      "The sister rings every other day and is the only one who knows.",
      "Was well two years ago: sang, travelled, cooked for friends. Would like that back.",
    ],
    hard: [
      "A heavy week: in bed [until noon|most of the morning] on [two|three|four] days.",
      "[Slept five hours|Slept badly|Awake from four] again after [a quarrel on the telephone|a visit to the hospital|two days alone].",
      "[Did half of the week plan|Kept to the plan on two days of five]; the walk was the part that worked.",
      '"I let everybody down" comes up when [the telephone rings|a message lies unanswered|the flat is untidy].',
      "Went as far as the door of the rehearsal and turned back; [ashamed|angry] all evening.",
      "Cooked once this week, the first time in [a month|weeks], and ate it at the table.",
      "Spoke of the months beside the sickbed, and of never having been asked [how it was|who helped at home].",
      "Concentration poor: the same page [three|four] times.",
    ],
    better: [
      "Slept [six|seven] hours on [four|five|six] nights; wakes once and falls asleep again.",
      'Was at choir and stayed for the coffee: ["it was easier than in my head"|tired afterwards, and glad].',
      "Mornings go better: up at [seven|half past seven] on [five|six] days.",
      "Said no to [a visit|extra work|walking the neighbour's dog] without explaining for long.",
      "Had the sister to dinner; they [laughed|talked about last autumn for the first time].",
      "A low [Sunday|weekend], but knew what it was and [went out all the same|rang the sister].",
      "Reads again in the evenings, [a chapter|half an hour] at a time.",
      "Wonders how it will be without the sessions; has written down what helped.",
    ],
  },
  view: {
    begin: [
      "Low mood, early waking and withdrawal over months.",
      "Withdrawal keeps the mood low. Motivated, some hope.",
    ],
    hard: [
      "Mood still low. Days with a plan are better than days without.",
      "Self-criticism after every attempt; it is named now, and sometimes noticed at once.",
      "Grief and anger under the tiredness begin to find words.",
      "No clear change this week; the rhythm holds.",
    ],
    better: [
      "Mood lighter, the rhythm holds, self-criticism quieter.",
      "Uses what was practised without being reminded.",
      "A dip and no relapse; over it within days.",
      "Close to the goals. Time to let the sessions come further apart.",
    ],
  },
  next: {
    begin: ["A week plan with one thing a day; sleep diary.", "PHQ-9 every fourth session."],
    hard: [
      "[Ten|Fifteen|Twenty] minutes' walk before noon, every other day.",
      "Write down one thought a day, and its answer.",
      "Answer one message a day, briefly.",
      "Up at the same time every day, also after a bad night.",
    ],
    better: [
      "Choir every week; one evening with somebody.",
      "Write a list of early signs, and what to do then.",
      "Go on without the diary; look at the plan together next time.",
      "Last sessions: every other week, then once a month.",
    ],
  },
};

const PANIC: Tale = {
  diagnosis: ["F41.0", "Panic disorder"],
  problem:
    "Panic attacks since an attack on a full bus in the spring. Walks or is driven, shops with somebody, carries water and a telephone everywhere.",
  strengths: "Curious, humorous, practises when the reason is clear.",
  longTermGoal: "Goes where there is something to do, without planning the way out.",
  objectives: [
    ["Takes the bus alone", "three times a week"],
    ["Stays in the shop until the shopping is done", "every time"],
  ],
  intervention: "Graded exposure, with the model of panic",
  told: {
    begin: [
      "First attack on a full bus: heart racing, hands numb, sure of dying. Got off and walked home.",
      "Since then [two|three|four] attacks a week, mostly [in queues|in shops|on the bus].",
      "The heart was examined and is well; believes it [in the daytime|half of the time].",
      "Goes nowhere without water, tablets and a charged telephone.",
      "Somebody at home does the shopping now; ashamed of it.",
      "Afraid above all of [fainting|being stared at|losing control] where nobody can help.",
    ],
    hard: [
      "[One attack|Two attacks] since last time, [in the queue of the chemist's|at the station|in the lift]; lasted [ten|fifteen] minutes.",
      "Took the bus [one stop|two stops]: fear [eight|seven] of ten at first, [five|four] when getting off.",
      "Left the shop with the basket [half full|standing]; [disappointed|angry] afterwards.",
      "Breathing fast on purpose for a minute brought the same feelings; [surprised|laughed] that they went by themselves.",
      "Checks the pulse [ten|twenty] times a day, more [at night|when alone].",
      "Slept badly before [the exercise|a meeting on the other side of town] and almost cancelled.",
      "Went by car again because of [rain|lateness|the crowds], and noticed that it was the fear.",
      '"What if it comes back" is there from waking; less [when busy|with people].',
    ],
    better: [
      "Bus to [town|the library|the swimming hall] alone on [three|four|five] days; fear [three|two] of ten at most.",
      "Days go by without a thought of the fear; [surprised by it|noticed only in the evening].",
      "A racing heart on the stairs was just the stairs.",
      "Left the water bottle at home [once|twice|all week].",
      "Stood in the longest queue on purpose, [bored in the end|read all the labels].",
      "One attack on [Tuesday|Friday], stayed where it was, [four|five] minutes; went on shopping.",
      "Planned a weekend away by train; [a seat in the middle|no thought of the exits].",
      "Thinks that it can be managed alone now; afraid of [a relapse in winter|the first bad week].",
    ],
  },
  view: {
    begin: [
      "Panic attacks with growing avoidance; no sign of bodily illness.",
      "What is done for safety keeps the fear alive; the model makes sense to the patient.",
    ],
    hard: [
      "Fear falls within an exercise, not yet between them.",
      "Avoidance gives way slowly; checking is now the main thing that keeps it up.",
      "Bodily feelings are less strange; the thought of fainting remains.",
      "A setback after a hard week, and understood as one.",
    ],
    better: [
      "Exposure carries over to new places. Few things done for safety are left.",
      "Attacks rare, and no longer lead to avoidance.",
      "Takes exercises on without being asked.",
      "Goals reached or near. Prepare for the end and for setbacks.",
    ],
  },
  next: {
    begin: [
      "Keep a diary of attacks: where, what, how long.",
      "Draw the circle of panic together; a ladder of exercises.",
    ],
    hard: [
      "The bus [one stop further|twice before Thursday], without getting off early.",
      "Check the pulse at most [five|three] times a day.",
      "The shop at a quiet hour, alone, until the end of the list.",
      "Breathe fast for a minute, three times, and write down what happens.",
    ],
    better: [
      "The bus at rush hour, without the water.",
      "Something that was given up: choose it, and do it.",
      "Write a plan for a bad week.",
      "Next session in two weeks, a last one after a month.",
    ],
  },
};

const LOSS: Tale = {
  diagnosis: ["F43.2", "Adjustment disorders"],
  ages: [20, 60],
  problem:
    "Grief after a brother's sudden death. Sleeps little, goes over the last telephone call, lives as if on hold.",
  strengths: "Old friends, the allotment, speaks openly once begun.",
  longTermGoal: "To live with the loss, and to have room beside it.",
  objectives: [
    ["Speaks of the brother with somebody close", "once a week"],
    ["Does something for pleasure", "at least twice a week"],
  ],
  intervention: "Work on grief: telling, remembering, going on",
  told: {
    begin: [
      "Told of the day the brother died: the call at work, the drive, the empty flat.",
      "The last conversation was short and cross; goes over it [every night|on every drive].",
      "Sleeps [three|four|five] hours; keeps the radio on.",
      "Everybody else seems to have gone on; [angry at that|feels left behind].",
      "Has not opened the boxes from the brother's flat.",
      'Went back to work after a week and functions there, "like somebody acting".',
    ],
    hard: [
      "The brother's birthday was this week; [alone all day|went to the grave and did not stay].",
      "[Cried in the car|Cried at the checkout|Could not cry], and was frightened by it.",
      '"I should have rung back": the thought comes [in the evening|whenever the telephone rings].',
      "Opened one box: a jersey, keys, unpaid bills. Closed it again.",
      "Quarrelled with the parents about [the gravestone|the boat|who was told first].",
      "Did not go to [a wedding|a friend's fiftieth|the summer party]; said it was flu.",
      "Dreamt that he rang and [said nothing|laughed]; woke calm, then remembered.",
      "Read the letter to the brother aloud here; [long silence|had to stop twice].",
    ],
    better: [
      "Told a friend the whole story for the first time; [the friend wept too|relieved].",
      "The boxes are sorted: [a jacket kept|the fishing rods given to the nephew].",
      "Spent [an afternoon|two evenings] on the allotment and forgot the time.",
      "Slept [six|seven] hours on most nights, without the radio.",
      "Laughed at one of his stories, and it did not hurt [at once|much].",
      "A bad day at the first [snow|frost|spring sun]; let it be one and [rang a friend|went early to bed].",
      'Thinks of the last call more mildly: "we quarrelled because we could".',
      "Plans the anniversary: [the parents and a lake|a meal with those who knew him].",
    ],
  },
  view: {
    begin: [
      "Grief with guilt; life on hold, no sign of severe depression.",
      "Much is held together by functioning. Telling relieves.",
    ],
    hard: [
      "Guilt stands in the way of sorrow; it can be looked at now.",
      "Avoids boxes, places and people; each one approached makes the next easier.",
      "Anger at the parents and at the brother is becoming sayable.",
      "Tired and open. Good contact.",
    ],
    better: [
      "Grief moves: it comes, and it goes again.",
      "Guilt is milder and can be contradicted from within.",
      "Everyday life has more room; sleep holds.",
      "The work is nearing its end; the anniversary will be a last test.",
    ],
  },
  next: {
    begin: [
      "Bring a photograph, and tell who he was.",
      "Sleep: radio off after midnight, up at the same time.",
    ],
    hard: [
      "Write to the brother; not to be sent.",
      "One box, with somebody, half an hour.",
      "One hour on the allotment, whatever the weather.",
      "Ask the parents one question about him.",
    ],
    better: [
      "Go on meeting [a friend|the nephew] each week.",
      "Plan the anniversary in writing.",
      "Choose what stays in sight at home.",
      "Last session after the anniversary.",
    ],
  },
};

const EXHAUSTION: Tale = {
  diagnosis: ["Z73.0", "Burn-out"],
  ages: [25, 64],
  problem:
    "Exhausted after two years of work for two. On sick leave for a month; sleeps without resting, forgets, snaps at the children, dreads the mailbox.",
  strengths: "Conscientious, liked by colleagues, runs.",
  longTermGoal: "Back at work within limits that hold.",
  objectives: [
    ["Ends the working day on time", "four days of five"],
    ["Rests without doing something useful", "half an hour a day"],
  ],
  intervention: "Recovery, limits and rules about achieving",
  told: {
    begin: [
      "Could not [open the laptop|remember the door code] one Monday and sat in the car for an hour.",
      "Sleeps [eight|nine] hours and wakes as tired.",
      "Forgets [names|appointments|what was read a minute ago]; frightened by it.",
      "Two colleagues left and were not replaced; did their work too and told nobody.",
      "Snaps at the children, and is ashamed in the evening.",
      '"If I do not do it, nobody does": has thought so since school.',
    ],
    hard: [
      'Looked at work mail [every evening|on Sunday night], "only to see".',
      "Rest was [cleaning the cellar|painting the hall|sorting photographs].",
      "Rang the manager about coming back; [heart pounding before|said yes to everything].",
      "A run of [ten|twenty] minutes and then [asleep on the floor|two days of tiredness].",
      "The week at half time: [stayed an hour longer on three days|ate lunch at the desk].",
      "Guilty towards [the team|the one who covers]; thinks others manage more.",
      "Headache and a tight neck [since Wednesday|every afternoon].",
      "Cried at [a parents' evening|a full dishwasher]; the partner took the children out.",
    ],
    better: [
      "Went home on time [three|four|all five] days; nothing fell apart.",
      "Told the manager what can be done in the hours there are; [he listened|two tasks were taken off].",
      "Half an hour on the sofa with [a book|the cat|nothing], almost without guilt.",
      "Runs twice a week and comes home less tired than before.",
      "Remembers things again; [found the words in a meeting|no list for the shop].",
      'Said "not this week" to [a customer|the school committee|a supplier].',
      "A rushed [Tuesday|week]: noticed the neck first, and [cancelled something|left early].",
      "More patient with the children; [built a den|read to them without looking at the clock].",
    ],
  },
  view: {
    begin: [
      "Exhaustion with loss of memory and concentration; mood low in reaction to it.",
      "Worth is tied to achieving; rest feels like failing.",
    ],
    hard: [
      "Energy comes back in bits, and is spent at once.",
      'The rule "nobody else does it" is seen now, and still obeyed.',
      "Return to work is going too fast; limits have to come first.",
      "Anger at the employer takes the place of shame.",
    ],
    better: [
      "Limits hold on most days; guilt comes and passes.",
      "Recovers from a busy day within a day.",
      "Notices early signs and acts on them.",
      "At work as agreed. What remains is keeping to it.",
    ],
  },
  next: {
    begin: [
      "Mail off the telephone; two rests a day, by the clock.",
      "A diary of energy: what takes, what gives.",
    ],
    hard: [
      "Half an hour a day without use or purpose.",
      "Write down what the manager has to know before the meeting.",
      "Home at the agreed time on [two|three] days, whatever lies there.",
      "Test the rule once: leave one thing undone, and see.",
    ],
    better: [
      "Keep the free Wednesday evening.",
      "Write three early signs where the family sees them.",
      "Meeting with occupational health; then every other week.",
      "Look at the plan together; choose the last date.",
    ],
  },
};

/** How charts are told in English. */
export const ENGLISH_TELLING: Telling = {
  tales: [LOW_MOOD, PANIC, LOSS, EXHAUSTION],
  seen: {
    begin: [
      "On time, pale, speaks quietly; answers fully when asked.",
      "Tense, sits on the edge of the chair; eye contact brief at first, then steady.",
      "Tearful when telling, settles in a few minutes.",
    ],
    hard: [
      "Tired-looking, speech slow; attentive.",
      "Tearful once, composed again [soon|after a pause].",
      "Tense shoulders; eases during the exercise.",
      "Restless at first, calmer towards the end.",
      "Mood low, affect narrow; no signs of psychosis or intoxication.",
    ],
    better: [
      "Relaxed, jokes once or twice, mood even.",
      "Livelier speech, steady eye contact.",
      "Moved, and able to stay with it.",
      "Calm; takes up the subjects unasked.",
    ],
  },
  risk: [
    "No thoughts of self-harm, asked directly.",
    "Passing thoughts of not wanting to wake up; no plan, no intent. Would ring somebody close or the crisis line.",
    "Risk judged low and unchanged.",
  ],
  missed: [
    "[Rang|Wrote] in the morning: [flu|a child is ill|held up at work].",
    "Did not come and did not answer; wrote in the evening that the day had gone wrong.",
    "Cancelled the day before because of [a journey|an examination].",
  ],
  missedNext: ["The usual time next week.", "[Rang back|Sent a message]; the time stays as it is."],
  relations: ["sister", "brother", "partner", "mother", "friend", "neighbour"],
  remark: ["rang the day before", "asks for a receipt", "would like mornings"],
  message: [
    "Hello, could we move next week's session to the morning? There is a meeting at school.",
    "Thank you for today. I tried the exercise; it was easier than I thought.",
    "The diary is filled in, I will bring it along. It was a mixed week.",
  ],
  reply: [
    "Thank you for writing. Let us look at it on the day.",
    "That can be done: the same day at nine. See you then.",
  ],
  process: [
    "I was more tired than usual after this session. Whose tiredness is it? To supervision.",
    "A wish to comfort too early. Wait for what comes.",
  ],
  letterTitle: "Statement to the health centre",
  letterTo: "The health centre, Mallila",
  letter:
    "The patient has been in weekly psychotherapy here. {problem} {view} Treatment goes on as planned.",
  warningSigns: ["Two nights without sleep", "Answers no calls"],
  coping: "Out for a walk, then ring somebody",
  people: "Somebody close who knows about it",
  makingSafe: "Nothing dangerous is kept at home.",
};
