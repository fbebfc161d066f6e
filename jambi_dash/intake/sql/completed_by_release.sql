-- What the current release knows of people whose roster names no kelurahan.
CREATE OR REPLACE TABLE known_before AS
WITH asked AS (
    SELECT
        person.seq,
        person.cohort,
        person.sheet,
        coalesce(person.merged_person, person_key(person.person_text, $inner_pad, $outer_pad)) AS person
    FROM peserta_person AS person
    JOIN bare_sheet ON bare_sheet.sheet = person.sheet
)
SELECT
    asked.seq,
    before.kelurahan_code,
    before.rt,
    before.occupation,
    before.sex,
    before.birth_year,
    before.fund,
    before.income_idr,
    -- Whoever was paid goes on being paid; whose cover had ended begins anew.
    CASE
        WHEN before.cohort = asked.cohort AND before.stage = 'aktif'
            AND coalesce(before.end_month >= $as_of_month, true)
            AND before.start_month <= $as_of_month
            THEN before.start_month
    END AS start_month
FROM asked
JOIN earlier.enrolment AS before ON before.person = asked.person
-- A person in several cohorts: the row of the same cohort, then any that has a place.
QUALIFY row_number() OVER (
    PARTITION BY asked.seq
    ORDER BY before.cohort = asked.cohort DESC, before.kelurahan_code IS NULL, before.cohort
) = 1;

-- The row as it becomes, joined once; the change itself then finds each row by its number.
CREATE OR REPLACE TABLE completed AS
WITH written AS (
    -- The RT as written waits beside: it has a meaning only now that there is a kelurahan.
    SELECT raw.sheet::UBIGINT * 1099511627776 + raw.row_no AS seq, read.value AS rt
    FROM peserta_raw AS raw
    JOIN bare_sheet ON bare_sheet.sheet = raw.sheet AND bare_sheet.has_rt
    JOIN known_rt AS read ON read.text = raw.rt
),
rows AS (
    SELECT
        decided.seq,
        decided.kelurahan_code AS own_kelurahan,
        coalesce(decided.kelurahan_code, known.kelurahan_code) AS kelurahan_code,
        decided.rt AS own_rt,
        CASE
            WHEN sheets.has_rt THEN coalesce(decided.rt, written.rt)
            WHEN coalesce(decided.kelurahan_code, known.kelurahan_code) = known.kelurahan_code
                THEN coalesce(decided.rt, known.rt)
            ELSE decided.rt
        END AS rt,
        decided.occupation AS own_occupation,
        CASE WHEN sheets.has_pekerjaan THEN decided.occupation ELSE known.occupation END
            AS occupation,
        decided.sex AS own_sex,
        coalesce(decided.sex, known.sex) AS sex,
        decided.birth_year AS own_birth_year,
        coalesce(decided.birth_year, known.birth_year) AS birth_year,
        decided.fund AS own_fund,
        CASE WHEN sheets.has_sumber_dana THEN decided.fund ELSE known.fund END AS fund,
        decided.income_idr AS own_income_idr,
        CASE WHEN sheets.has_penghasilan THEN decided.income_idr ELSE known.income_idr END
            AS income_idr,
        decided.start_month AS own_start_month,
        CASE
            WHEN sheets.has_mulai OR decided.stage <> 'aktif' THEN decided.start_month
            ELSE coalesce(known.start_month, decided.start_month)
        END AS start_month,
        sheets.has_rt
    FROM known_before AS known
    JOIN peserta_decided AS decided ON decided.seq = known.seq
    JOIN bare_sheet AS sheets ON sheets.sheet = decided.sheet
    LEFT JOIN written ON written.seq = decided.seq
)
SELECT
    seq,
    kelurahan_code,
    rt,
    occupation,
    sex,
    birth_year,
    fund,
    income_idr,
    start_month,
    own_kelurahan IS NULL AND kelurahan_code IS NOT NULL AS got_place,
    (NOT has_rt AND rt IS DISTINCT FROM own_rt)
        OR occupation IS DISTINCT FROM own_occupation
        OR sex IS DISTINCT FROM own_sex
        OR birth_year IS DISTINCT FROM own_birth_year
        OR fund IS DISTINCT FROM own_fund
        OR income_idr IS DISTINCT FROM own_income_idr
        OR start_month IS DISTINCT FROM own_start_month AS got_other
FROM rows;

UPDATE peserta_decided AS decided
SET
    kelurahan_code = completed.kelurahan_code,
    rt = completed.rt,
    -- The bit of lokasi_tidak_dikenal.
    own_warnings = CASE
        WHEN got_place THEN decided.own_warnings & ~32 ELSE decided.own_warnings
    END,
    occupation = completed.occupation,
    sex = completed.sex,
    birth_year = completed.birth_year,
    fund = completed.fund,
    income_idr = completed.income_idr,
    start_month = completed.start_month
FROM completed
WHERE completed.seq = decided.seq AND (got_place OR got_other OR completed.rt IS DISTINCT FROM decided.rt);

INSERT INTO filled
SELECT seq, CASE WHEN got_place THEN 'release' END, got_other FROM completed;
