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

INSERT INTO filled
SELECT
    decided.seq,
    CASE
        WHEN decided.kelurahan_code IS NULL AND known.kelurahan_code IS NOT NULL THEN 'release'
    END,
    (NOT sheets.has_rt AND decided.rt IS NULL AND known.rt IS NOT NULL
        AND coalesce(decided.kelurahan_code, known.kelurahan_code) = known.kelurahan_code)
    OR (NOT sheets.has_pekerjaan AND known.occupation IS NOT NULL)
    OR (decided.sex IS NULL AND known.sex IS NOT NULL)
    OR (decided.birth_year IS NULL AND known.birth_year IS NOT NULL)
    OR (NOT sheets.has_sumber_dana AND known.fund IS NOT NULL)
    OR (NOT sheets.has_penghasilan AND known.income_idr IS NOT NULL)
    OR (NOT sheets.has_mulai AND decided.start_month IS DISTINCT FROM known.start_month
        AND known.start_month IS NOT NULL AND decided.stage = 'aktif')
FROM peserta_decided AS decided
JOIN known_before AS known ON known.seq = decided.seq
JOIN bare_sheet AS sheets ON sheets.sheet = decided.sheet;

-- The RT as written waits beside: it has a meaning only now that there is a kelurahan.
UPDATE peserta_decided AS decided
SET
    kelurahan_code = coalesce(decided.kelurahan_code, known.kelurahan_code),
    rt = CASE
        WHEN sheets.has_rt THEN coalesce(decided.rt, written.value)
        WHEN coalesce(decided.kelurahan_code, known.kelurahan_code) = known.kelurahan_code
            THEN coalesce(decided.rt, known.rt)
        ELSE decided.rt
    END,
    own_warnings = CASE
        WHEN decided.kelurahan_code IS NULL AND known.kelurahan_code IS NOT NULL
            THEN decided.own_warnings & ~32
        ELSE decided.own_warnings
    END,
    occupation = CASE
        WHEN sheets.has_pekerjaan THEN decided.occupation ELSE known.occupation
    END,
    sex = coalesce(decided.sex, known.sex),
    birth_year = coalesce(decided.birth_year, known.birth_year),
    fund = CASE WHEN sheets.has_sumber_dana THEN decided.fund ELSE known.fund END,
    income_idr = CASE
        WHEN sheets.has_penghasilan THEN decided.income_idr ELSE known.income_idr
    END,
    start_month = CASE
        WHEN sheets.has_mulai OR decided.stage <> 'aktif' THEN decided.start_month
        ELSE coalesce(known.start_month, decided.start_month)
    END
FROM known_before AS known, bare_sheet AS sheets, peserta_raw AS raw
LEFT JOIN known_rt AS written ON written.text = raw.rt
WHERE known.seq = decided.seq
    AND sheets.sheet = decided.sheet
    AND raw.sheet = decided.sheet AND raw.row_no = decided.row_no;
