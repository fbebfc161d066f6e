-- Rosters against the list of BPJS Ketenagakerjaan; runs only where there is a list.

-- Every row of the rosters at that month: paid, waiting, or neither.
CREATE OR REPLACE TEMP TABLE standing AS
SELECT
    person,
    in_other_cohort,
    cohort,
    kelurahan_code,
    CASE
        WHEN stage = $paid AND start_month <= $month AND coalesce(end_month >= $month, true)
            THEN 'dibayar'
        WHEN list_contains($waiting, stage) OR (stage = $paid AND start_month > $month)
            THEN 'menunggu'
        ELSE 'berakhir'
    END AS standing
FROM release.enrolment;

INSERT INTO release.bpjs_match BY NAME
SELECT
    cohort,
    kelurahan_code,
    standing,
    CASE
        WHEN told.person IS NULL THEN 'tidak_ditemukan'
        WHEN is_active THEN 'aktif'
        ELSE 'nonaktif'
    END AS state,
    count(*) AS people
FROM standing
LEFT JOIN told ON told.person = standing.person
GROUP BY ALL
ORDER BY ALL;

-- The same with every person once; of several rosters the one that pays counts first.
INSERT INTO release.bpjs_person BY NAME
WITH persons AS (
    SELECT person, standing FROM standing WHERE NOT in_other_cohort
    UNION ALL
    SELECT
        person,
        CASE
            WHEN bool_or(standing = 'dibayar') THEN 'dibayar'
            WHEN bool_or(standing = 'menunggu') THEN 'menunggu'
            ELSE 'berakhir'
        END
    FROM standing
    WHERE in_other_cohort
    GROUP BY person
)
SELECT
    coalesce(persons.standing, 'tidak_terdaftar') AS standing,
    CASE
        WHEN told.person IS NULL THEN 'tidak_ditemukan'
        WHEN is_active THEN 'aktif'
        ELSE 'nonaktif'
    END AS state,
    count(*) AS people
FROM persons
FULL JOIN told ON told.person = persons.person
GROUP BY ALL
ORDER BY ALL;

INSERT INTO release.bpjs_idle_month BY NAME
SELECT cohort, kelurahan_code, month, count(*) AS people
FROM listed
JOIN release.enrolment AS enrolment
    ON enrolment.person = listed.person
    AND stage = $paid
    AND month BETWEEN start_month AND coalesce(end_month, DATE '9999-01-01')
WHERE NOT active
GROUP BY ALL
ORDER BY ALL;
