/** What a CSV file lists. */
export const CSV_KINDS = ["patients", "appointments", "notes"] as const;
/** What a CSV file lists. */
export type CsvKind = (typeof CSV_KINDS)[number];

/** What is known of one field: the headers by which it goes, and whether several columns may hold it. */
export interface FieldWords {
  readonly field: string;
  readonly isMany: boolean;
  /** Headers in English, Finnish and Swedish, as `normaliseHeader` gives them. */
  readonly headers: readonly string[];
}

function words(field: string, headers: string, flags: "many" | "one" = "one"): FieldWords {
  return { field, isMany: flags === "many", headers: [...new Set(headers.split(/\s+/))] };
}

const CODE =
  "hetu henkilötunnus henkilotunnus sotu sosiaaliturvatunnus personbeteckning personnummer ssn personalcode personalidentitycode personalid identitycode nationalid socialsecuritynumber svnr";
const PATIENT_ID =
  "patientid clientid customerid patientno patientnumber patientnr clientno clientnumber customernumber mrn recordnumber medicalrecordnumber chartnumber potilasid potilasnumero potilasnro asiakasid asiakasnumero asiakasnro asiakastunnus potilastunnus patientnummer kundnummer kundid klientnummer klientid kundnr";
const FULL_NAME =
  "name fullname patientname clientname customername patient client customer nimi asiakas potilas asiakkaannimi potilaannimi asiakasnimi potilasnimi kokonimi namn patientnamn patientensnamn kund kundnamn klient klientnamn";
const BORN =
  "dob dateofbirth birthdate birthday born datebirth patientdob clientdob syntymäaika syntymaaika syntymäpäivä syntymapaiva synt födelsedatum fodelsedatum född fodd födelsetid";
const THERAPIST =
  "therapist clinician provider practitioner primarytherapist primaryclinician responsibletherapist assignedtherapist counsellor counselor psychologist doctor staff terapeutti omaterapeutti vastuuterapeutti hoitava hoitavaterapeutti psykoterapeutti vastuuhenkilö työntekijä ammattihenkilö terapeut ansvarigterapeut behandlare vårdgivare psykoterapeut psykolog";
const DATE = "date day päivä päivämäärä paivamaara pvm datum dag";
const SESSION_DATE =
  "sessiondate servicedate dateofservice visitdate notedate appointmentdate käyntipäivä kayntipaiva käyntipvm istuntopvm käynti besöksdatum sessionsdatum besök";
const TIME =
  "time starttime sessiontime aika alkuaika alkamisaika aloitusaika kello klo kellonaika alkaa tid starttid klockslag";
const MINUTES =
  "minutes duration durationminutes durationmin length sessionlength kesto kestomin pituus minuutit längd langd minuter tidsåtgång";

const REFERENCE = [
  words("patient", PATIENT_ID),
  words("patientCode", CODE),
  words("patientName", FULL_NAME),
  words("patientFamily", "lastname surname familyname patientlastname sukunimi efternamn"),
  words("patientGiven", "firstname givenname patientfirstname etunimi etunimet förnamn fornamn"),
  words("patientBorn", BORN),
];

const PATIENT_FIELDS = [
  words("id", `${PATIENT_ID} id nro nr number no`),
  words("code", CODE),
  words("name", FULL_NAME),
  words("family", "lastname surname familyname last sukunimi efternamn släktnamn"),
  words(
    "given",
    "firstname firstnames givenname givennames forename first etunimi etunimet förnamn fornamn",
  ),
  words("preferred", "preferredname nickname callingname kutsumanimi tilltalsnamn"),
  words(
    "former",
    "formername maidenname previousname entinennimi entinensukunimi tyttönimi flicknamn tidigarenamn",
  ),
  words("born", BORN),
  words("sex", "sex gender sukupuoli kön kon"),
  words(
    "phone",
    "phone phonenumber telephone mobile mobilephone cell cellphone tel homephone workphone puhelin puhelinnumero puh matkapuhelin gsm kännykkä kotipuhelin telefon telefonnummer mobil mobiltelefon",
    "many",
  ),
  words(
    "email",
    "email emailaddress mail sähköposti sahkoposti sähköpostiosoite epost epostadress",
    "many",
  ),
  words(
    "street",
    "address streetaddress street address1 addressline1 osoite katuosoite lähiosoite lahiosoite adress gatuadress postadress",
  ),
  words("postalCode", "postalcode postcode zip zipcode postinumero postinro postnummer postnr"),
  words(
    "city",
    "city town postoffice postitoimipaikka kaupunki kunta paikkakunta stad ort postort",
  ),
  words("country", "country maa land"),
  words(
    "language",
    "language preferredlanguage mothertongue kieli äidinkieli asiointikieli språk modersmål",
  ),
  words("therapist", THERAPIST),
  words(
    "since",
    "since startdate start careplanstart intakedate admissiondate registered aloituspäivä aloituspvm hoitoalkoi hoidonalku alkupvm alku startdatum inskriven",
  ),
  words(
    "until",
    "until enddate end dischargedate closed lopetuspäivä lopetuspvm päättymispäivä hoitopäättyi hoidonloppu loppupvm loppu slutdatum avslutad utskriven",
  ),
  words(
    "contactName",
    "emergencycontact emergencycontactname nextofkin contactperson guardian lähiomainen lahiomainen yhteyshenkilö huoltaja närmasteanhörig anhörig kontaktperson vårdnadshavare",
  ),
  words(
    "contactPhone",
    "emergencyphone emergencycontactphone nextofkinphone lähiomaisenpuhelin omaisenpuhelin anhörigtelefon anhörigstelefon",
  ),
];

const APPOINTMENT_FIELDS = [
  words(
    "id",
    "id appointmentid bookingid ajanvarausid varausid varausnumero ajanvarausnumero bokningsid bokningsnummer",
  ),
  ...REFERENCE,
  words(
    "start",
    `start startdate startdatetime startsat datetime appointment ajanvaraus varaus alkaa alku ajankohta varausaika ${DATE} ${SESSION_DATE}`,
  ),
  words("time", TIME),
  words(
    "end",
    "end endtime enddatetime endsat finish loppuu loppuaika päättyy loppu slut sluttid slutar",
  ),
  words("minutes", MINUTES),
  words("status", "status state appointmentstatus tila varauksentila"),
  words("therapist", THERAPIST),
  words("room", "room location place huone tila tilat sijainti rum plats"),
  words("link", "link url videolink meetinglink videolinkki linkki etälinkki länk videolänk"),
];

const NOTE_FIELDS = [
  words("id", "id noteid entryid recordid kirjausid kirjausnumero merkintäid anteckningsid"),
  ...REFERENCE,
  words("date", `${DATE} ${SESSION_DATE} created createdat datetime kirjauspvm kirjauspäivä`),
  words("time", TIME),
  words("minutes", MINUTES),
  words(
    "author",
    `author writtenby signedby createdby kirjaaja tekijä laatija allekirjoittaja författare skrivenav ${THERAPIST}`,
  ),
  words("attendance", "attendance attended status toteutuma läsnäolo toteutunut närvaro"),
  words(
    "modality",
    "modality mode method location channel tapaamismuoto toteutustapa muoto käyntitapa form besökstyp",
  ),
  words(
    "text",
    "text note notes content body narrative progressnote sessionnote freetext comments kirjaus muistiinpano muistiinpanot teksti sisältö käyntiteksti käyntikirjaus kertomus merkintä vapaateksti anteckning anteckningar journaltext innehåll fritext",
    "many",
  ),
  words("subjective", "subjective subjektiivinen subjektivt"),
  words("objective", "objective objektiivinen objektivt"),
  words("assessment", "assessment arvio bedömning"),
  words("plan", "plan suunnitelma jatkosuunnitelma"),
  words("data", "data"),
  words("behaviour", "behaviour behavior käyttäytyminen beteende"),
  words("intervention", "intervention interventio"),
  words("response", "response vaste respons"),
  words("risk", "risk riski riskiarvio"),
];

/** The fields that each kind of file may have. */
export const CSV_FIELDS: Record<CsvKind, readonly FieldWords[]> = {
  patients: PATIENT_FIELDS,
  appointments: APPOINTMENT_FIELDS,
  notes: NOTE_FIELDS,
};

/** The fields that hold a day; each column of them is read in one order throughout. */
export const DATE_FIELDS: ReadonlySet<string> = new Set([
  "born",
  "patientBorn",
  "since",
  "until",
  "start",
  "end",
  "date",
]);

/** A header for comparison: small letters and digits alone. */
export function normaliseHeader(header: string): string {
  return header
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Whether a header is one that a kind of file is known to have. */
export function isKnownHeader(kind: CsvKind, header: string): boolean {
  const plain = normaliseHeader(header);
  return CSV_FIELDS[kind].some(({ headers }) => headers.includes(plain));
}
