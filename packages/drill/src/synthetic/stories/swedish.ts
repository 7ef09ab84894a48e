import type { Tale, Telling } from "./tale.ts";

const LOW_MOOD: Tale = {
  diagnosis: ["F32.1", "Medelsvår depressiv episod"],
  problem:
    "Nedstämdhet sedan i höstas, efter en långvarig sjukdom i familjen. Sover dåligt, har släppt det som gav glädje och håller sig undan.",
  strengths: "En syster i närheten, körsång, håller det som avtalats.",
  longTermGoal: "Veckor med människor och musik i igen.",
  objectives: [
    ["Sover natten igenom", "fem nätter i veckan"],
    ["Gör något tillsammans med andra", "två gånger i veckan"],
  ],
  intervention: "Beteendeaktivering, vecka för vecka",
  told: {
    begin: [
      "Nedstämd sedan i höstas[|, värst på morgonen]; stiger upp [sent|först när någon ringer].",
      "Sover [fyra|fem] timmar, vaknar före fem och tänker på allt som blivit ogjort.",
      "Ingen aptit; äter [stående|för att man måste].",
      "Har slutat gå till kören och svarar inte på meddelanden: ”ingen saknar mig där”.",
      "Systern ringer varannan dag och är den enda som vet.",
      "Mådde bra för två år sedan: sjöng, reste, bjöd vänner på middag. Vill tillbaka dit.",
    ],
    hard: [
      "En tung vecka: i sängen [till tolv|största delen av förmiddagen] [två|tre|fyra] dagar.",
      "[Sov fem timmar|Sov dåligt|Låg vaken från fyra] igen efter [ett gräl i telefon|ett besök på sjukhuset|två dagar i ensamhet].",
      "[Gjorde hälften av veckoplanen|Höll planen två dagar av fem]; promenaden gick bäst.",
      "”Jag sviker alla” dyker upp när [telefonen ringer|ett meddelande ligger obesvarat|det är stökigt hemma].",
      "Gick ända till dörren vid repetitionen och vände; [skamsen|arg] hela kvällen.",
      "Lagade mat en gång, den första på [en månad|flera veckor], och åt vid bordet.",
      "Talade om månaderna vid sjuksängen och om att ingen frågade [hur det var|vem som hjälpte till hemma].",
      "Svårt att koncentrera sig: samma sida [tre|fyra] gånger.",
    ],
    better: [
      "Sov [sex|sju] timmar [fyra|fem|sex] nätter; vaknar en gång och somnar om.",
      "Var i kören och stannade på kaffe: [”det var lättare än i mitt huvud”|trött efteråt, och glad].",
      "Morgnarna går bättre: uppe [sju|halv åtta] [fem|sex] dagar.",
      "Tackade nej till [ett besök|extra arbete|att passa grannens hund] utan långa förklaringar.",
      "Hade systern på middag; de [skrattade|talade om hösten för första gången].",
      "En dyster [söndag|helg], men visste vad det var och [gick ut ändå|ringde systern].",
      "Läser igen om kvällarna, [ett kapitel|en halvtimme] åt gången.",
      "Undrar hur det blir utan samtalen; har skrivit upp vad som hjälpte.",
    ],
  },
  view: {
    begin: [
      "Nedstämdhet, tidigt uppvaknande och tillbakadragenhet i månader.",
      "Tillbakadragenheten håller nedstämdheten vid liv. Motiverad, visst hopp.",
    ],
    hard: [
      "Fortfarande nedstämd. Dagar med plan är bättre än dagar utan.",
      "Självkritik efter varje försök; den har ett namn nu och märks ibland genast.",
      "Sorgen och ilskan under tröttheten börjar få ord.",
      "Ingen tydlig förändring denna vecka; rytmen håller.",
    ],
    better: [
      "Lättare till mods, rytmen håller, självkritiken tystare.",
      "Använder det inövade utan påminnelse.",
      "En svacka men inget återfall; över på några dagar.",
      "Nära målen. Dags att glesa ut samtalen.",
    ],
  },
  next: {
    begin: ["Veckoplan, en sak om dagen; sömndagbok.", "PHQ-9 vart fjärde samtal."],
    hard: [
      "[Tio|Femton|Tjugo] minuters promenad på förmiddagen, varannan dag.",
      "Skriva ner en tanke om dagen, och svaret på den.",
      "Svara på ett meddelande om dagen, kort.",
      "Upp samma tid varje dag, också efter en dålig natt.",
    ],
    better: [
      "Kören varje vecka; en kväll med någon.",
      "En lista över tidiga tecken, och vad man då gör.",
      "Fortsätta utan dagbok; gå igenom planen tillsammans nästa gång.",
      "De sista samtalen varannan vecka, sedan en gång i månaden.",
    ],
  },
};

const PANIC: Tale = {
  diagnosis: ["F41.0", "Paniksyndrom"],
  problem:
    "Panikattacker sedan en attack på en full buss i våras. Går till fots eller får skjuts, handlar med sällskap, har alltid vatten och telefon med sig.",
  strengths: "Nyfiken, humoristisk, övar när syftet är klart.",
  longTermGoal: "Åker dit det finns något att göra, utan att planera vägen ut.",
  objectives: [
    ["Åker buss på egen hand", "tre gånger i veckan"],
    ["Stannar i butiken tills inköpen är gjorda", "varje gång"],
  ],
  intervention: "Stegvis exponering, med panikens modell",
  told: {
    begin: [
      "Första attacken på en full buss: hjärtklappning, domnade händer, säker på att dö. Steg av och gick hem.",
      "Sedan dess [två|tre|fyra] attacker i veckan, oftast [i köer|i butiker|på bussen].",
      "Hjärtat är undersökt och friskt; tror på det [om dagarna|halva tiden].",
      "Går ingenstans utan vatten, tabletter och laddad telefon.",
      "Någon annan handlar nu; skäms för det.",
      "Mest rädd för att [svimma|bli uttittad|tappa kontrollen] där ingen kan hjälpa.",
    ],
    hard: [
      "[En attack|Två attacker] sedan sist, [i kön på apoteket|på stationen|i hissen]; [tio|femton] minuter.",
      "Åkte buss [en hållplats|två hållplatser]: rädslan [åtta|sju] av tio först, [fem|fyra] vid avstigning.",
      "Lämnade butiken med korgen [halvfull|stående]; [besviken|arg] efteråt.",
      "En minuts snabb andning gav samma känslor; [förvånad|skrattade] när de gick över av sig själva.",
      "Känner på pulsen [tio|tjugo] gånger om dagen, oftare [på natten|i ensamhet].",
      "Sov dåligt före [övningen|ett möte i andra änden av stan] och var nära att avboka.",
      "Tog bilen igen på grund av [regnet|brådskan|trängseln] och märkte att det var rädslan.",
      "”Tänk om det kommer tillbaka” finns där från morgonen; mindre [vid sysslor|i sällskap].",
    ],
    better: [
      "Buss på egen hand till [stan|biblioteket|simhallen] [tre|fyra|fem] dagar; rädslan högst [tre|två] av tio.",
      "Dagar går utan en tanke på rädslan; [det förvånar|märker det först på kvällen].",
      "Hjärtklappningen i trappan berodde på trappan.",
      "Lämnade vattenflaskan hemma [en gång|två gånger|hela veckan].",
      "Ställde sig med flit i den längsta kön[|, uttråkad till slut].",
      "En attack i [tisdags|fredags]: stannade kvar, [fyra|fem] minuter, och handlade färdigt.",
      "Planerar en helg med tåg; [plats mitt i vagnen|ingen tanke på utgångarna].",
      "Tror sig klara det på egen hand nu; rädd för [ett bakslag i vinter|den första dåliga veckan].",
    ],
  },
  view: {
    begin: [
      "Panikattacker med växande undvikande; inga tecken på kroppslig sjukdom.",
      "Säkerhetsbeteenden håller rädslan vid liv; modellen är begriplig för patienten.",
    ],
    hard: [
      "Rädslan sjunker under övningen, ännu inte mellan övningarna.",
      "Undvikandet ger långsamt efter; kontrollerandet håller nu mest i det.",
      "Kroppens signaler är mindre främmande; tanken på att svimma finns kvar.",
      "Ett bakslag efter en tung vecka, och förstått som ett sådant.",
    ],
    better: [
      "Exponeringen bär till nya platser. Få säkerhetsbeteenden kvar.",
      "Attackerna är få och leder inte längre till undvikande.",
      "Övar vidare utan uppmaning.",
      "Målen nådda eller nära. Förbereda avslut och bakslag.",
    ],
  },
  next: {
    begin: [
      "Dagbok över attacker: var, vad, hur länge.",
      "Rita panikens cirkel tillsammans; en trappa av övningar.",
    ],
    hard: [
      "Buss [en hållplats längre|två gånger före torsdag], utan att stiga av i förtid.",
      "Känna på pulsen högst [fem|tre] gånger om dagen.",
      "Butiken en lugn tid, ensam, till slutet av listan.",
      "Andas snabbt en minut, tre gånger, och skriva ner vad som händer.",
    ],
    better: [
      "Buss i rusningstid, utan vatten.",
      "Välja något som getts upp, och göra det.",
      "Skriva en plan för en dålig vecka.",
      "Nästa samtal om två veckor, ett sista efter en månad.",
    ],
  },
};

const EXHAUSTION: Tale = {
  diagnosis: ["Z73.0", "Utbrändhet"],
  ages: [25, 64],
  problem:
    "Utmattad efter två år med arbete för två. Sjukskriven en månad; sömnen ger ingen vila, glömmer, fräser åt barnen, fasar för inkorgen.",
  strengths: "Samvetsgrann, omtyckt av kollegerna, springer.",
  longTermGoal: "Tillbaka i arbete med gränser som håller.",
  objectives: [
    ["Slutar arbetsdagen i tid", "fyra dagar av fem"],
    ["Vilar utan att göra nytta", "en halvtimme om dagen"],
  ],
  intervention: "Återhämtning, gränser och prestationens regler",
  told: {
    begin: [
      "Kunde en måndag inte [öppna datorn|minnas portkoden] och satt en timme i bilen.",
      "Sover [åtta|nio] timmar och vaknar lika trött.",
      "Glömmer [namn|avtalade tider|det nyss lästa]; det skrämmer.",
      "Två kolleger slutade och ersattes inte; gjorde deras arbete också och sade inget till någon.",
      "Fräser åt barnen och skäms om kvällen.",
      "”Gör inte jag det så gör ingen det”: har tänkt så sedan skolan.",
    ],
    hard: [
      "Läste jobbmejl [varje kväll|på söndagskvällen], ”bara för att se”.",
      "Vilan blev [att städa källaren|att måla hallen|att sortera fotografier].",
      "Ringde chefen om återgången; [hjärtklappning innan|sade ja till allt].",
      "[Tio|Tjugo] minuters löpning och sedan [sömn på golvet|två dagars trötthet].",
      "Veckan på halvtid: [stannade en timme extra tre dagar|åt lunch vid skrivbordet].",
      "Skuld mot [gruppen|vikarien]; tror att andra orkar mer.",
      "Huvudvärk och stel nacke [sedan i onsdags|varje eftermiddag].",
      "Grät [på föräldramötet|framför en full diskmaskin]; partnern tog ut barnen.",
    ],
    better: [
      "Gick hem i tid [tre|fyra|alla fem] dagar; inget föll samman.",
      "Berättade för chefen vad som hinns med; [chefen lyssnade|två uppgifter togs bort].",
      "En halvtimme i soffan med [en bok|katten|ingenting], nästan utan skuld.",
      "Springer två gånger i veckan och är piggare efteråt.",
      "Minns igen; [hittade orden på ett möte|handlade utan lista].",
      "Sade ”inte denna vecka” till [en kund|skolans kommitté|en leverantör].",
      "En stressig [tisdag|vecka]: märkte nacken först och [avbokade något|gick tidigare].",
      "Mer tålamod med barnen; [byggde en koja|läste för dem utan att se på klockan].",
    ],
  },
  view: {
    begin: [
      "Utmattning med svikande minne och koncentration; stämningsläget därefter.",
      "Egenvärdet är bundet till prestation; vila känns som ett misslyckande.",
    ],
    hard: [
      "Krafterna återvänder i små portioner och används genast.",
      "Regeln ”ingen annan gör det” är synlig nu, men lyds ännu.",
      "Återgången i arbete går för fort; gränserna först.",
      "Ilska mot arbetsgivaren tar skammens plats.",
    ],
    better: [
      "Gränserna håller de flesta dagar; skulden kommer och går.",
      "Återhämtar sig från en fullsatt dag på ett dygn.",
      "Märker tidiga tecken och handlar därefter.",
      "I arbete enligt avtal. Kvar är att hålla fast vid det.",
    ],
  },
  next: {
    begin: [
      "Mejlen bort från telefonen; två vilopauser om dagen, efter klockan.",
      "Energidagbok: vad tar, vad ger.",
    ],
    hard: [
      "En halvtimme om dagen utan nytta eller mål.",
      "Skriva ner vad chefen behöver veta före mötet.",
      "Hem på avtalad tid [två|tre] dagar, vad som än ligger kvar.",
      "Pröva regeln en gång: lämna en sak ogjord och se.",
    ],
    better: [
      "Hålla onsdagskvällen fri.",
      "Skriva tre tidiga tecken där familjen ser dem.",
      "Möte med företagshälsovården; därefter varannan vecka.",
      "Gå igenom planen tillsammans; välja ett slutdatum.",
    ],
  },
};

/** How charts are told in Swedish. */
export const SWEDISH_TELLING: Telling = {
  tales: [LOW_MOOD, PANIC, EXHAUSTION],
  seen: {
    begin: [
      "I tid, blek, talar tyst; svarar utförligt på frågor.",
      "Spänd, sitter på stolskanten; ögonkontakten först kort, sedan stadig.",
      "Tårögd under berättandet, lugnar sig på några minuter.",
    ],
    hard: [
      "Ser trött ut, långsamt tal; uppmärksam.",
      "Grät en gång, samlad igen [snart|efter en paus].",
      "Spända axlar; lättar under övningen.",
      "Orolig först, lugnare mot slutet.",
      "Nedstämd, snävt känslouttryck; inga psykotiska tecken, ingen påverkan.",
    ],
    better: [
      "Avspänd, skämtar någon gång, jämnt stämningsläge.",
      "Livligare tal, stadig ögonkontakt.",
      "Rörd, och kan stanna i det.",
      "Lugn; tar upp ämnena på eget initiativ.",
    ],
  },
  risk: [
    "Inga tankar på att skada sig, tillfrågad direkt.",
    "Flyktiga tankar på att inte vilja vakna; ingen plan, ingen avsikt. Skulle ringa någon närstående eller kristelefonen.",
    "Risken bedöms som låg och oförändrad.",
  ],
  missed: [
    "[Ringde|Skrev] på morgonen: [influensa|sjukt barn|hinder på jobbet].",
    "Kom inte och svarade inte; skrev på kvällen att dagen hade gått snett.",
    "Avbokade dagen innan på grund av [en resa|en undersökning].",
  ],
  missedNext: ["Vanlig tid nästa vecka.", "[Ringt upp|Skickat meddelande]; tiden står fast."],
  relations: ["syster", "bror", "partner", "mor", "vän", "granne"],
  remark: ["ringde dagen innan", "önskar kvitto", "önskar förmiddagar"],
  message: [
    "Hej, kan vi flytta nästa veckas tid till förmiddagen? Det är möte i skolan.",
    "Tack för i dag. Jag prövade övningen, den var lättare än jag trodde.",
    "Dagboken är ifylld, jag tar den med. En blandad vecka.",
  ],
  reply: [
    "Tack för att du skrev. Vi ser på det när vi träffas.",
    "Det går bra: samma dag klockan nio. Vi ses då.",
  ],
  process: [
    "Jag var tröttare än vanligt efter detta samtal. Vems trötthet är det? Till handledningen.",
    "En önskan att trösta för tidigt. Vänta på det som kommer.",
  ],
  letterTitle: "Utlåtande till hälsocentralen",
  letterTo: "Hälsocentralen i Mallila",
  letter:
    "Patienten har gått i psykoterapi här varje vecka. {problem} {view} Behandlingen fortsätter enligt planen.",
  warningSigns: ["Två nätter utan sömn", "Svarar inte i telefon"],
  coping: "Ut på en promenad, sedan ringa någon",
  people: "En närstående som vet om det",
  makingSafe: "Inget farligt förvaras hemma.",
};
