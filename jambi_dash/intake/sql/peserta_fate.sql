-- The fate of every row: one deciding rejection or none, and all warnings of the accepted.
CREATE OR REPLACE VIEW peserta_second_look AS
SELECT
    person.* REPLACE (
        CASE
            WHEN keeps_place.seq IS NULL THEN rejection
            WHEN stage_unknown THEN 'tahap_tidak_dikenal'
            WHEN cohort_unknown THEN 'kelompok_tidak_dikenal'
            WHEN (stage = 'aktif' AND start_month IS NULL) OR end_month < start_month
                THEN 'mulai_tidak_sah'
        END AS rejection
    )
FROM peserta_person AS person
LEFT JOIN keeps_place ON keeps_place.seq = person.seq;

-- Persons who come more than once: few, so that the dear questions are asked of them only.
CREATE OR REPLACE TABLE repeated AS
SELECT person_no
FROM peserta_second_look
WHERE rejection IS NULL
GROUP BY person_no
HAVING count(*) > 1;

CREATE OR REPLACE TABLE repeats AS
WITH places AS (
    SELECT
        look.seq,
        look.person_no,
        row_number() OVER (PARTITION BY look.person_no, look.cohort ORDER BY look.seq) AS nth
    FROM peserta_second_look AS look
    JOIN repeated ON repeated.person_no = look.person_no
    WHERE look.rejection IS NULL
),
kept AS (
    SELECT seq, count(*) OVER (PARTITION BY person_no) > 1 AS in_other_cohort
    FROM places
    WHERE nth = 1
)
SELECT
    places.seq,
    places.nth > 1 AS double,
    coalesce(kept.in_other_cohort, false) AS in_other_cohort
FROM places
LEFT JOIN kept ON kept.seq = places.seq;

CREATE OR REPLACE TABLE peserta_fate AS
WITH judged AS (
    SELECT
        look.* REPLACE (
            coalesce(look.rejection, CASE WHEN repeats.double THEN 'ganda' END) AS rejection
        ),
        coalesce(repeats.in_other_cohort, false) AS in_other_cohort,
        rts.rt IS NOT NULL AS rt_known
    FROM peserta_second_look AS look
    LEFT JOIN repeats ON repeats.seq = look.seq
    LEFT JOIN known_rts AS rts
        ON rts.kelurahan_code = look.kelurahan_code AND rts.rt = look.rt
)
SELECT
    sheet,
    row_no,
    seq,
    rejection,
    -- One bit a rule, in the order of domain.rules.PESERTA_WARNINGS; 0 for a rejected row.
    CASE WHEN rejection IS NOT NULL THEN 0 ELSE
        nik_empty::INTEGER
        + 2 * coalesce(NOT nik_empty AND strftime(born, '%d%m%y') <> strftime(nik_born, '%d%m%y'), false)::INTEGER
        + 4 * coalesce(NOT nik_empty AND sex <> nik_sex, false)::INTEGER
        + 8 * in_other_cohort::INTEGER
        + 16 * coalesce(place_repaired, false)::INTEGER
        + 32 * (kelurahan_code IS NULL)::INTEGER
        + 64 * coalesce(kecamatan_differs, false)::INTEGER
        + 128 * (kelurahan_code IS NOT NULL AND NOT rt_known)::INTEGER
        + 256 * coalesce(age_months < $adult_months, false)::INTEGER
        + 512 * ((born_text IS NOT NULL AND born IS NULL) OR NOT coalesce(end_readable, true))::INTEGER
    END AS warnings,
    person_text,
    in_other_cohort,
    cohort,
    stage,
    occupation,
    coalesce(nik_sex, sex) AS sex,
    year(coalesce(born, nik_born)) AS birth_year,
    kelurahan_code,
    CASE WHEN kelurahan_code IS NOT NULL THEN rt END AS rt,
    fund,
    start_month,
    end_month,
    income_idr
FROM judged;
