import type { Tale, Telling } from "./tale.ts";

const LOW_MOOD: Tale = {
  diagnosis: ["F32.1", "Keskivaikea masennustila"],
  problem:
    "Alakulo viime syksystä, läheisen pitkän sairauden jälkeen. Nukkuu huonosti, on luopunut mieluisista asioista ja pysyttelee poissa ihmisten luota.",
  strengths: "Sisko lähellä, kuoroharrastus, pitää kiinni sovitusta.",
  longTermGoal: "Viikoissa on taas ihmisiä ja musiikkia.",
  objectives: [
    ["Nukkuu yön heräilemättä", "viitenä yönä viikossa"],
    ["Tekee jotain toisten kanssa", "kahdesti viikossa"],
  ],
  intervention: "Käyttäytymisen aktivointi viikko kerrallaan",
  told: {
    begin: [
      "Mieliala matala viime syksystä[|, aamuisin pahin]; nousee [myöhään|vasta, kun joku soittaa].",
      "Nukkuu [neljä|viisi] tuntia, herää ennen viittä ja miettii tekemättömiä asioita.",
      "Ruoka ei maistu; syö [seisaaltaan|koska on pakko].",
      "On jättänyt kuoron eikä vastaa viesteihin: ”kukaan ei minua siellä kaipaa”.",
      "Sisko soittaa joka toinen päivä ja on ainoa, joka tietää.",
      "Voi hyvin vielä kaksi vuotta sitten: lauloi, matkusti, kutsui ystäviä syömään. Haluaisi sen takaisin.",
    ],
    hard: [
      "Raskas viikko: sängyssä [puoleenpäivään|suurimman osan aamua] [kahtena|kolmena|neljänä] päivänä.",
      "[Nukkui viisi tuntia|Nukkui huonosti|Valvoi aamuneljästä] [riidan|sairaalakäynnin|kahden yksinäisen päivän] jälkeen.",
      "[Teki puolet viikkosuunnitelmasta|Noudatti suunnitelmaa kahtena päivänä viidestä]; kävelylenkki onnistui parhaiten.",
      "”Tuotan kaikille pettymyksen” tulee mieleen, kun [puhelin soi|viesti on vastaamatta|koti on sekaisin].",
      "Kävi harjoitusten ovella asti ja kääntyi takaisin; oli [häpeissään|vihainen] koko illan.",
      "Laittoi kerran kunnon ruoan, ensimmäistä kertaa [kuukauteen|viikkoihin], ja söi pöydän ääressä.",
      "Puhui kuukausista sairasvuoteen vieressä ja siitä, ettei kukaan kysynyt, [miltä se tuntui|kuka kotona auttoi].",
      "Keskittyminen heikkoa: samaa sivua [kolme|neljä] kertaa.",
    ],
    better: [
      "Nukkui [kuusi|seitsemän] tuntia [neljänä|viitenä|kuutena] yönä; herää kerran ja nukahtaa uudelleen.",
      "Oli kuorossa ja jäi kahville: [”helpompaa kuin omassa päässä”|väsytti, mutta oli iloinen].",
      "Aamut sujuvat: ylhäällä [seitsemältä|puoli kahdeksalta] [viitenä|kuutena] päivänä.",
      "Kieltäytyi [vierailusta|lisätyöstä|naapurin koiran hoidosta] selittelemättä pitkään.",
      "Sisko kävi syömässä; [naurettiin yhdessä|puhuttiin syksystä ensimmäistä kertaa].",
      "Alakuloinen [sunnuntai|viikonloppu], mutta tunnisti sen ja [lähti silti ulos|soitti siskolle].",
      "Lukee taas iltaisin [luvun|puoli tuntia] kerrallaan.",
      "Miettii, miten pärjää ilman käyntejä; on kirjoittanut ylös, mikä auttoi.",
    ],
  },
  view: {
    begin: [
      "Kuukausia jatkunut matala mieliala, varhainen herääminen ja vetäytyminen.",
      "Vetäytyminen pitää alakuloa yllä. Motivoitunut, toivoa on.",
    ],
    hard: [
      "Mieliala yhä matala. Suunnitellut päivät sujuvat muita paremmin.",
      "Itsekritiikki seuraa jokaista yritystä; sille on nyt nimi, ja joskus sen huomaa heti.",
      "Väsymyksen alta löytyy sanoja surulle ja vihalle.",
      "Ei selvää muutosta tällä viikolla; rytmi pitää.",
    ],
    better: [
      "Mieliala kevyempi, rytmi pitää, itsekritiikki vaimeampaa.",
      "Käyttää harjoiteltuja keinoja muistuttamatta.",
      "Notkahdus, ei uusiutuma; meni ohi muutamassa päivässä.",
      "Lähellä tavoitteita. Käyntejä voi harventaa.",
    ],
  },
  next: {
    begin: [
      "Viikkosuunnitelma, yksi asia päivässä; unipäiväkirja.",
      "PHQ-9 joka neljännellä käynnillä.",
    ],
    hard: [
      "[Kymmenen|Viidentoista|Kahdenkymmenen] minuutin kävely aamupäivällä joka toinen päivä.",
      "Kirjoittaa päivässä yhden ajatuksen ja vastauksen siihen.",
      "Vastaa yhteen viestiin päivässä, lyhyesti.",
      "Nousee joka päivä samaan aikaan, myös huonon yön jälkeen.",
    ],
    better: [
      "Kuoro joka viikko; yksi ilta jonkun kanssa.",
      "Lista varhaisista merkeistä ja siitä, mitä silloin tekee.",
      "Jatkaa ilman päiväkirjaa; ensi kerralla katsotaan suunnitelmaa yhdessä.",
      "Viimeiset käynnit joka toinen viikko, sitten kerran kuussa.",
    ],
  },
};

const PANIC: Tale = {
  diagnosis: ["F41.0", "Paniikkihäiriö"],
  problem:
    "Paniikkikohtauksia kevään jälkeen; ensimmäinen täydessä bussissa. Kulkee kävellen tai kyydillä, käy kaupassa toisen kanssa, vesi ja puhelin aina mukana.",
  strengths: "Utelias, huumorintajuinen, harjoittelee, kun tietää miksi.",
  longTermGoal: "Menee sinne, minne on asiaa, suunnittelematta poistumista.",
  objectives: [
    ["Kulkee bussilla yksin", "kolmesti viikossa"],
    ["On kaupassa, kunnes ostokset on tehty", "joka kerta"],
  ],
  intervention: "Asteittainen altistus ja paniikin malli",
  told: {
    begin: [
      "Ensimmäinen kohtaus täydessä bussissa: sydän hakkasi, kädet puutuivat, varma kuolemasta. Jäi pois ja käveli kotiin.",
      "Sen jälkeen [kaksi|kolme|neljä] kohtausta viikossa, useimmiten [jonoissa|kaupoissa|bussissa].",
      "Sydän on tutkittu ja terve; uskoo sen [päivisin|puolet ajasta].",
      "Ei lähde mihinkään ilman vettä, lääkkeitä ja ladattua puhelinta.",
      "Joku toinen hoitaa nyt kauppa-asiat; häpeää sitä.",
      "Pelkää eniten [pyörtymistä|tuijotusta|hallinnan menetystä] paikassa, jossa kukaan ei auta.",
    ],
    hard: [
      "[Yksi kohtaus|Kaksi kohtausta] viime kerran jälkeen, [apteekin jonossa|asemalla|hississä]; kesti [kymmenen|viisitoista] minuuttia.",
      "Ajoi bussilla [yhden pysäkinvälin|kaksi pysäkinväliä]: pelko aluksi [kahdeksan|seitsemän], pois jäädessä [viisi|neljä].",
      "Lähti kaupasta, kori [puolillaan|jäi lattialle]; [pettynyt|vihainen] jälkeenpäin.",
      "Minuutin nopea hengitys toi samat tuntemukset; [yllättyi|nauroi], kun ne menivät itsestään ohi.",
      "Mittaa pulssin [kymmenen|kaksikymmentä] kertaa päivässä, [öisin|yksin ollessaan] useammin.",
      "Nukkui huonosti ennen [harjoitusta|tapaamista kaupungin toisella laidalla] ja oli perua.",
      "Meni taas autolla [sateen|kiireen|väkijoukon] takia ja huomasi, että syy oli pelko.",
      "”Entä jos se tulee taas” on mielessä heräämisestä asti; vähemmän, kun [on tekemistä|on seuraa].",
    ],
    better: [
      "Bussilla yksin [keskustaan|kirjastoon|uimahalliin] [kolmena|neljänä|viitenä] päivänä; pelko enintään [kolme|kaksi].",
      "Päiviä kuluu pelkoa ajattelematta; [se yllättää|huomaa sen vasta illalla].",
      "Portaissa hakkaava sydän oli vain portaiden takia.",
      "Jätti vesipullon kotiin [kerran|kahdesti|koko viikoksi].",
      "Asettui tahallaan pisimpään jonoon ja [lopulta pitkästyi|luki kaikki tuoteselosteet].",
      "Yksi kohtaus [tiistaina|perjantaina]: jäi paikalleen, [neljä|viisi] minuuttia, ja jatkoi ostoksia.",
      "Suunnittelee junamatkaa: [paikka keskellä vaunua|ovet eivät käyneet mielessä].",
      "Uskoo selviävänsä jo itse; pelkää [takapakkia talvella|ensimmäistä huonoa viikkoa].",
    ],
  },
  view: {
    begin: [
      "Paniikkikohtauksia ja lisääntyvä välttely; ruumiillisesta sairaudesta ei merkkejä.",
      "Varmistelu pitää pelkoa yllä; malli käy potilaalle järkeen.",
    ],
    hard: [
      "Pelko laskee harjoituksen aikana, ei vielä niiden välillä.",
      "Välttely antaa hitaasti periksi; tarkistelu on nyt tärkein ylläpitäjä.",
      "Tuntemukset ovat tutumpia; ajatus pyörtymisestä on jäljellä.",
      "Takapakki raskaan viikon jälkeen, ja se ymmärretään sellaiseksi.",
    ],
    better: [
      "Altistus kantaa uusiin paikkoihin. Varmistelua on vähän jäljellä.",
      "Kohtauksia harvoin, eivätkä ne enää johda välttelyyn.",
      "Jatkaa harjoituksia pyytämättä.",
      "Tavoitteet saavutettu tai lähellä. Valmistaudutaan loppuun ja takapakkeihin.",
    ],
  },
  next: {
    begin: [
      "Kohtauspäiväkirja: missä, mitä, kuinka kauan.",
      "Piirretään paniikin kehä yhdessä; harjoitusten portaat.",
    ],
    hard: [
      "Bussilla [yksi pysäkinväli pidemmälle|kahdesti ennen torstaita] jäämättä pois kesken.",
      "Pulssin mittaus enintään [viidesti|kolmesti] päivässä.",
      "Yksin kauppaan hiljaiseen aikaan, lista loppuun.",
      "Minuutti nopeaa hengitystä kolme kertaa; kirjaa, mitä tapahtuu.",
    ],
    better: [
      "Bussilla ruuhka-aikaan, ilman vettä.",
      "Valitsee jotain, mistä on luopunut, ja tekee sen.",
      "Kirjoittaa suunnitelman huonon viikon varalle.",
      "Seuraava käynti kahden viikon, viimeinen kuukauden päästä.",
    ],
  },
};

const LOSS: Tale = {
  diagnosis: ["F43.2", "Sopeutumishäiriöt"],
  ages: [20, 60],
  problem:
    "Suru veljen äkillisen kuoleman jälkeen. Nukkuu vähän, käy läpi viimeistä puhelua, elämä on kuin pysähdyksissä.",
  strengths: "Vanhat ystävät, siirtolapuutarha, puhuu avoimesti, kun alkuun pääsee.",
  longTermGoal: "Elää menetyksen kanssa, ja sen rinnalla on tilaa muulle.",
  objectives: [
    ["Puhuu veljestä läheisen kanssa", "kerran viikossa"],
    ["Tekee jotain mieluisaa", "vähintään kahdesti viikossa"],
  ],
  intervention: "Surutyö: kertominen, muistaminen, jatkaminen",
  told: {
    begin: [
      "Kertoi veljen kuolinpäivästä: puhelu töihin, ajomatka, tyhjä asunto.",
      "Viimeinen puhelu oli lyhyt ja kireä; käy sitä läpi [joka yö|aina ajaessaan].",
      "Nukkuu [kolme|neljä|viisi] tuntia; radio on päällä koko yön.",
      "Muut ovat jo jatkaneet elämäänsä; [se suututtaa|tuntee jääneensä jälkeen].",
      "Veljen asunnosta tuodut laatikot ovat avaamatta.",
      "Palasi töihin viikon päästä ja suoriutuu siellä ”kuin näytellen”.",
    ],
    hard: [
      "Veljen syntymäpäivä oli tällä viikolla; [oli yksin koko päivän|kävi haudalla eikä voinut jäädä].",
      "[Itki autossa|Itki kassajonossa|Ei pystynyt itkemään] ja säikähti sitä.",
      "”Olisi pitänyt soittaa takaisin” palaa [iltaisin|aina, kun puhelin soi].",
      "Avasi yhden laatikon: villapaita, avaimet, maksamattomia laskuja. Sulki sen.",
      "Riiteli vanhempien kanssa [hautakivestä|veneestä|siitä, kenelle ensin kerrottiin].",
      "Ei mennyt [häihin|ystävän syntymäpäiville|kesäjuhliin]; sanoi olevansa flunssassa.",
      "Näki unta, että veli soitti ja [oli hiljaa|nauroi]; heräsi rauhallisena ja muisti sitten.",
      "Luki kirjeensä veljelle täällä ääneen; [pitkä hiljaisuus|piti pysähtyä kahdesti].",
    ],
    better: [
      "Kertoi ystävälle ensimmäistä kertaa kaiken; [ystäväkin itki|helpotti].",
      "Laatikot on käyty läpi: [takki jäi itselle|vavat annettiin veljenpojalle].",
      "Oli [iltapäivän|kaksi iltaa] palstalla ja unohti ajan.",
      "Nukkui useimpina öinä [kuusi|seitsemän] tuntia, ilman radiota.",
      "Nauroi veljen jutulle, eikä se sattunut [heti|paljon].",
      "Huono päivä [ensilumen|ensi pakkasen|kevätauringon] aikaan; antoi sen olla ja [soitti ystävälle|meni ajoissa nukkumaan].",
      "Ajattelee viimeistä puhelua lempeämmin: ”riideltiin, koska voitiin”.",
      "Suunnittelee vuosipäivää: [vanhemmat ja mökkiranta|ateria niiden kanssa, jotka veljen tunsivat].",
    ],
  },
  view: {
    begin: [
      "Surua ja syyllisyyttä; elämä pysähdyksissä, vaikeaan masennukseen ei viitteitä.",
      "Suoriutuminen pitää paljon koossa. Kertominen helpottaa.",
    ],
    hard: [
      "Syyllisyys on surun tiellä; sitä voi nyt katsoa.",
      "Välttelee laatikoita, paikkoja ja ihmisiä; jokainen kohdattu helpottaa seuraavaa.",
      "Vihasta vanhempia ja veljeä kohtaan voi jo puhua.",
      "Väsynyt ja avoin. Yhteistyö hyvä.",
    ],
    better: [
      "Suru liikkuu: se tulee, ja se menee.",
      "Syyllisyys lempeämpää; osaa väittää sille vastaan.",
      "Arjessa on enemmän tilaa; uni pitää.",
      "Työ lähenee loppuaan; vuosipäivä on viimeinen koetus.",
    ],
  },
  next: {
    begin: [
      "Tuo valokuvan ja kertoo, kuka veli oli.",
      "Uni: radio kiinni puolenyön jälkeen, ylös samaan aikaan.",
    ],
    hard: [
      "Kirjoittaa veljelle; kirjettä ei lähetetä.",
      "Yksi laatikko jonkun kanssa, puoli tuntia.",
      "Tunti palstalla, satoi tai paistoi.",
      "Kysyy vanhemmilta yhden asian veljestä.",
    ],
    better: [
      "Tapaa [ystävää|veljenpoikaa] edelleen joka viikko.",
      "Suunnittelee vuosipäivän kirjallisesti.",
      "Valitsee, mikä kotona jää näkyville.",
      "Viimeinen käynti vuosipäivän jälkeen.",
    ],
  },
};

const EXHAUSTION: Tale = {
  diagnosis: ["Z73.0", "Loppuunuupumus"],
  ages: [25, 64],
  problem:
    "Uupunut tehtyään kaksi vuotta kahden työt. Sairauslomalla kuukauden; uni ei virkistä, muisti pätkii, tiuskii lapsille, pelkää sähköpostia.",
  strengths: "Tunnollinen, työtovereiden pitämä, juoksee.",
  longTermGoal: "Takaisin työssä, rajoissa jotka pitävät.",
  objectives: [
    ["Päättää työpäivän ajallaan", "neljänä päivänä viidestä"],
    ["Lepää tekemättä mitään hyödyllistä", "puoli tuntia päivässä"],
  ],
  intervention: "Palautuminen, rajat ja suorittamisen säännöt",
  told: {
    begin: [
      "Eräänä maanantaina ei [saanut konetta auki|muistanut ovikoodia] ja istui tunnin autossa.",
      "Nukkuu [kahdeksan|yhdeksän] tuntia ja herää yhtä väsyneenä.",
      "Unohtaa [nimiä|sovittuja aikoja|juuri lukemansa]; se pelottaa.",
      "Kaksi työtoveria lähti eikä tilalle tullut ketään; teki heidänkin työnsä eikä kertonut kenellekään.",
      "Tiuskii lapsille ja häpeää illalla.",
      "”Jos minä en tee, kukaan ei tee”: on ajatellut niin koulusta asti.",
    ],
    hard: [
      "Katsoi työsähköpostia [joka ilta|sunnuntai-iltana], ”vain nähdäkseen”.",
      "Lepo oli [kellarin siivousta|eteisen maalausta|valokuvien järjestelyä].",
      "Soitti esimiehelle paluusta; [sydän hakkasi jo ennen|suostui kaikkeen].",
      "[Kymmenen|Kahdenkymmenen] minuutin juoksu ja sen jälkeen [uni lattialla|kaksi väsynyttä päivää].",
      "Osa-aikaviikko: [jäi tunnin yli kolmena päivänä|söi lounaan koneen ääressä].",
      "Syyllisyyttä [tiimiä|sijaista] kohtaan; uskoo muiden jaksavan enemmän.",
      "Päänsärkyä ja niska jumissa [keskiviikosta asti|joka iltapäivä].",
      "Itki [vanhempainillassa|täyden astianpesukoneen edessä]; puoliso vei lapset ulos.",
    ],
    better: [
      "Lähti töistä ajallaan [kolmena|neljänä|viitenä] päivänä; mikään ei kaatunut.",
      "Kertoi esimiehelle, mitä annetussa ajassa ehtii; [esimies kuunteli|kaksi tehtävää siirrettiin].",
      "Puoli tuntia sohvalla, [kirja|kissa|ei mitään], melkein ilman syyllisyyttä.",
      "Juoksee kahdesti viikossa ja palaa virkeämpänä kuin lähti.",
      "Muistaa taas; [sanat löytyivät kokouksessa|kauppaan ilman listaa].",
      "Sanoi ”ei tällä viikolla” [asiakkaalle|koulun toimikunnalle|toimittajalle].",
      "Kiireinen [tiistai|viikko]: huomasi ensin niskan ja [perui jotain|lähti aiemmin].",
      "Kärsivällisempi lasten kanssa; [rakensi majan|luki iltasadun kelloa katsomatta].",
    ],
  },
  view: {
    begin: [
      "Uupumus, johon liittyy muistin ja keskittymisen vaikeutta; mieliala sen mukainen.",
      "Oma arvo on sidottu suorittamiseen; lepo tuntuu epäonnistumiselta.",
    ],
    hard: [
      "Voimia palaa vähitellen, ja ne käytetään saman tien.",
      "Sääntö ”kukaan muu ei tee” näkyy jo, mutta sitä noudatetaan.",
      "Paluu työhön etenee liian nopeasti; rajat ensin.",
      "Häpeän tilalle on tullut kiukkua työnantajaa kohtaan.",
    ],
    better: [
      "Rajat pitävät useimpina päivinä; syyllisyys tulee ja menee.",
      "Palautuu kiireisestä päivästä vuorokaudessa.",
      "Huomaa varhaiset merkit ja toimii.",
      "Työssä sovitusti. Jäljellä on siitä kiinni pitäminen.",
    ],
  },
  next: {
    begin: [
      "Sähköposti pois puhelimesta; kaksi lepotaukoa päivässä kellon mukaan.",
      "Voimavarapäiväkirja: mikä vie, mikä tuo.",
    ],
    hard: [
      "Puoli tuntia päivässä ilman hyötyä tai tarkoitusta.",
      "Kirjoittaa ennen tapaamista, mitä esimiehen on tiedettävä.",
      "Kotiin sovittuun aikaan [kahtena|kolmena] päivänä, jäi mitä jäi.",
      "Koettelee sääntöä kerran: jättää yhden asian tekemättä ja katsoo, mitä tapahtuu.",
    ],
    better: [
      "Pitää keskiviikkoillan vapaana.",
      "Kirjoittaa kolme varhaista merkkiä perheen nähtäville.",
      "Työterveysneuvottelu; sen jälkeen joka toinen viikko.",
      "Katsotaan suunnitelmaa yhdessä ja valitaan päätöspäivä.",
    ],
  },
};

/** How charts are told in Finnish. */
export const FINNISH_TELLING: Telling = {
  tales: [LOW_MOOD, PANIC, LOSS, EXHAUSTION],
  seen: {
    begin: [
      "Ajoissa, kalpea, puhuu hiljaa; vastaa kysyttäessä kattavasti.",
      "Jännittynyt, istuu tuolin reunalla; katsekontakti aluksi lyhyt, sitten vakaa.",
      "Itkuinen kertoessaan, rauhoittuu muutamassa minuutissa.",
    ],
    hard: [
      "Väsyneen näköinen, puhe hidasta; tarkkaavainen.",
      "Itki kerran, kokosi itsensä [pian|tauon jälkeen].",
      "Hartiat jännittyneet; helpottaa harjoituksen aikana.",
      "Aluksi levoton, loppua kohti rauhallisempi.",
      "Mieliala matala, tunneilmaisu niukkaa; ei psykoottisia oireita, ei päihtymystä.",
    ],
    better: [
      "Rento, vitsailee pari kertaa, mieliala tasainen.",
      "Puhe eloisampaa, katsekontakti vakaa.",
      "Liikuttunut ja pystyy viipymään siinä.",
      "Rauhallinen; ottaa asiat puheeksi itse.",
    ],
  },
  risk: [
    "Ei itsetuhoisia ajatuksia, kysytty suoraan.",
    "Ohimeneviä ajatuksia, ettei haluaisi herätä; ei suunnitelmaa, ei aietta. Soittaisi läheiselle tai kriisipuhelimeen.",
    "Riski arvioidaan matalaksi ja ennallaan olevaksi.",
  ],
  missed: [
    "[Soitti|Kirjoitti] aamulla: [flunssa|lapsi sairaana|este töissä].",
    "Ei tullut eikä vastannut; kirjoitti illalla, että päivä oli mennyt sekaisin.",
    "Perui edellisenä päivänä [matkan|tutkimuksen] takia.",
  ],
  missedNext: [
    "Tavallinen aika ensi viikolla.",
    "[Soitettu|Lähetetty viesti]; aika pysyy ennallaan.",
  ],
  relations: ["sisko", "veli", "puoliso", "äiti", "ystävä", "naapuri"],
  remark: ["soitti edellisenä päivänä", "toivoo kuitin", "toivoo aamuaikoja"],
  message: [
    "Hei, voisiko ensi viikon ajan siirtää aamuun? Koululla on tapaaminen.",
    "Kiitos tästä päivästä. Kokeilin harjoitusta, se oli helpompi kuin luulin.",
    "Päiväkirja on täytetty, tuon sen mukanani. Vaihteleva viikko.",
  ],
  reply: [
    "Kiitos viestistä. Katsotaan sitä, kun nähdään.",
    "Se käy: sama päivä kello yhdeksän. Nähdään silloin.",
  ],
  process: [
    "Olin tämän käynnin jälkeen tavallista väsyneempi. Kenen väsymystä se on? Työnohjaukseen.",
    "Halu lohduttaa liian aikaisin. Odota, mitä tulee.",
  ],
  letterTitle: "Lausunto terveysasemalle",
  letterTo: "Mallilan terveysasema",
  letter:
    "Potilas on käynyt psykoterapiassa viikoittain. {problem} {view} Hoito jatkuu suunnitellusti.",
  warningSigns: ["Kaksi yötä valvoen", "Ei vastaa puheluihin"],
  coping: "Ulos kävelemään, sitten soitto jollekulle",
  people: "Läheinen, joka tietää asiasta",
  makingSafe: "Kotona ei säilytetä mitään vaarallista.",
};
