import type { Rules } from "../grammar.ts";

const words = (text: string): string[] => text.trim().split(/\s+/);

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Parts that any two make a word of: prose has many words that come once. */
export const FINNISH_WORDS: Rules = {
  town: ["{begin}{middle}{end}", "{begin}{middle}{middle}{end}"],
  begin: words(
    "ka lo ru vi ta sa mu ko pe hi jo nu ra li tu va so pu mi le aa uo ki ha no to ri lu me sii tuu kaa loi vai rau suo koi hau pau tai",
  ).map(capital),
  middle: words(
    "la mo na sta ri lu va ka nka rva lli tto ska mpu rsi hta llo nsi ppa ksu rte lka nta hka vu ju ha sto mma rju",
  ),
  end: words("niemi koski salo maa lampi harju perä kylä luoto vaara korpi suo selkä mäki ranta"),
  first:
    words(`lumi vesi tuuli maa metsä sauna kivi puu rauta kulta hopea lasi villa pellava nahka savi tuli syys kevät talvi
    kesä yö aamu ilta koti työ koulu isän äidin siskon veljen naapurin vaarin mummon tädin ystävän opettajan puhelin kirje kuva
    muisti uni ruoka leipä kahvi tee maito marja omena kala lintu hevos koiran kissan karhun suden meri järvi joki ranta saari
    silta tie katu piha puutarha kellari kirkko hauta juhla joulu juhannus matka auto vene pyörä juna lento raha laina vuokra
    vakuutus sairaala lääke kipu valokuva päivä sade sumu pakkas helle halla routa heinä vilja peltotyö hiekka turve honka
    koivu kuusi haapa leppä pihlaja tervan savun suola sokeri hunaja kaneli`),
  second:
    words(`talo kala sauna kello laiva juna lasi tuoli sohva kassi laulu runo koulu kirja kuva muuri taulu valo villa
    huivi kannu tarina asema asia pallo saha vasara harava kuula kasa pino kori sarja raja laji tavara omena peruna sipuli
    kukkaro kaula nauha palsta posti passi kitara viulu sana juoru muisto toivo suru ilo juhla loma matka savu usva turva lava
    laituri koru hormi kuilu holvi kamari talli kuisti kattila lakana vaunu lauma vuoro ruusu tarha`),
  thing: ["{first}{second}"],
};

/** Parts of Swedish words. */
export const SWEDISH_WORDS: Rules = {
  town: ["{begin}{middle}{end}", "{begin}{middle}{middle}{end}"],
  begin: words(
    "al bre dal ek fjä gra hag ing jär kal lö mal nor ore pers rö sel stav ta ul var vik ång äng öst bo ku le mo nä rå si to vå yx hå sku bla dra fli",
  ).map(capital),
  middle: words(
    "la ren ste na ger lin mar ta sa ba de fal gi ho ke mi ner pa ro so tor va ve be du ge ka li ma ni",
  ),
  end: words("by näs holm torp sund vik berg bo lund strand åsen fors ryd skär hult"),
  first:
    words(`snö vatten vind jord skogs bastu sten trä järn guld silver glas ull linne läder ler eld höst vår vinter sommar
    natt morgon kvälls hem arbets skol fars mors syster bror granne morfars mormors moster vän lärar telefon brev bild minnes
    sömn mat bröd kaffe te mjölk bär äppel fisk fågel häst hund katt björn varg havs sjö å strand ö bro väg gatu gårds
    trädgårds källar kyrk grav fest jul midsommar res bil båt cykel tåg flyg penning låne hyres försäkrings sjukhus
    läkemedels smärt dag regn dim köld värme frost hö säd åker sand torv tall björk gran asp al rönn tjär rök salt socker
    honungs kanel lång gammel små stor ny`),
  second:
    words(`huset fisken stugan klockan skeppet tåget glaset stolen soffan väskan sången dikten skolan boken bilden muren
    tavlan ljuset sjalen kannan berättelsen stationen saken bollen sågen hammaren krattan högen korgen raden gränsen varan
    plånboken bandet posten passet gitarren fiolen ordet ryktet minnet hoppet sorgen glädjen festen resan röken dimman flaket
    bryggan smycket schaktet valvet kammaren stallet verandan grytan lakanet vagnen flocken turen nyckeln boden kartan spegeln
    mattan lampan dörren trappan fönstret taket grinden stigen rummet bänken`),
  thing: ["{first}{second}"],
};

/** Words that make an English pair. */
export const ENGLISH_WORDS: Rules = {
  town: ["{begin}{middle}{end}", "{begin}{middle}{middle}{end}"],
  begin: words(
    "al bar cor dun el fen gar hal in ker lan mar nor ot pen quer ras sal tan ul ver wes yar bel cul dor ers fos gil hur jes kem lod mil nat or pad ros sto tre",
  ).map(capital),
  middle: words(
    "den ling ber ther wick ran sel mer ley den ning ster van low brin gar kin lan mon ner pol rin sal ton vel wen bur der fil har",
  ),
  end: words("ford ton ham bury ley combe stead worth mere bridge wick thorpe field hurst by"),
  first:
    words(`snow water wind earth forest stone oak iron gilded silver glass woollen linen leather clay autumn spring winter
    summer night morning evening home work school father's mother's sister's brother's neighbour's grandfather's
    grandmother's aunt's friend's teacher's borrowed broken letter photograph memory sleep bread coffee milk berry apple fish
    bird horse dog cat harbour lake river shore island bridge road street garden cellar church burial party Christmas
    midsummer travel car boat bicycle train flight money rent insurance hospital pain rain fog frost hay corn field sand peat
    pine birch spruce aspen rowan smoke salt sugar honey cinnamon old narrow crooked painted folded empty forgotten`),
  second:
    words(`house fish cottage clock ship train glass chair sofa bag song poem book picture wall painting light scarf jug
    story station matter ball saw hammer rake heap basket row border parcel wallet ribbon post passport guitar fiddle word
    rumour keepsake hope sorrow joy feast journey smoke mist cart jetty necklace shaft vault chamber stable porch kettle sheet
    wagon flock errand key shed map mirror carpet lamp door staircase window roof gate path room bench drawer blanket ticket
    notebook recipe argument silence`),
  thing: ["{first} {second}"],
};
