-- The fate of every row: one deciding rejection or none, and all warnings of the accepted.

CREATE OR REPLACE VIEW peserta_second_look AS
SELECT
    person.* REPLACE (
        CASE WHEN keeps_place.seq IS NULL THEN rejection ELSE row_rejection END AS rejection
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

CREATE OR REPLACE VIEW peserta_fate AS
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
    *,
    CASE WHEN rejection IS NOT NULL THEN 0 ELSE
        own_warnings
        + 8 * in_other_cohort::INTEGER
        + 128 * (kelurahan_code IS NOT NULL AND NOT rt_known)::INTEGER
    END AS warnings
FROM judged;
