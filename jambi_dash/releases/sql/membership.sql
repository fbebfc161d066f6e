-- How the rosters and the list of BPJS Ketenagakerjaan agree at the month of the data ($month), and
-- whose membership is near its end. Counts only.

-- The list, people under the hash that the rosters know them by.
CREATE OR REPLACE TEMP TABLE listed AS
SELECT coalesce(kept, person) AS person, month, bool_or(active) AS active
FROM release.bpjs_status AS status
LEFT JOIN applied_merge ON other = person
WHERE month <= $month
GROUP BY ALL;

-- What the list says of a person: the last status up to the month of the data, the last month seen
-- as a member, and the first month without of the run that lasts.
CREATE OR REPLACE TEMP TABLE told AS
WITH active AS (
    SELECT
        person,
        arg_max(active, month) AS is_active,
        max(month) AS last_told,
        max(month) FILTER (active) AS last_active
    FROM listed
    GROUP BY person
)
SELECT
    active.person,
    is_active,
    last_told,
    last_active,
    min(month) FILTER (NOT active AND (last_active IS NULL OR month > last_active))
        AS inactive_from
FROM active
JOIN listed USING (person)
GROUP BY ALL;

CREATE TABLE release.bpjs_match (
    cohort VARCHAR NOT NULL, kelurahan_code VARCHAR, standing VARCHAR NOT NULL,
    state VARCHAR NOT NULL, people BIGINT NOT NULL
);

CREATE TABLE release.bpjs_person (
    standing VARCHAR NOT NULL, state VARCHAR NOT NULL, people BIGINT NOT NULL
);

-- Months that a roster pays for although the list says that the person was no member.
CREATE TABLE release.bpjs_idle_month (
    cohort VARCHAR NOT NULL, kelurahan_code VARCHAR, month DATE NOT NULL, people BIGINT NOT NULL
);

-- Persons, each once, with a known last month as a member; `evidence` is where it is known from.
CREATE TABLE release.lapse (
    cohort VARCHAR NOT NULL, kelurahan_code VARCHAR, evidence VARCHAR NOT NULL,
    last_month DATE NOT NULL, people BIGINT NOT NULL
);

INSERT INTO release.lapse BY NAME
WITH paid AS (
    SELECT
        person,
        in_other_cohort,
        cohort,
        coalesce(list_position($cohorts, cohort), len($cohorts) + 1) AS place_in_order,
        kelurahan_code,
        start_month AS first,
        coalesce(end_month, DATE '9999-01-01') AS last
    FROM release.enrolment
    WHERE stage = $paid AND start_month <= $month
),
persons AS (
    SELECT person, cohort, kelurahan_code, first, last FROM paid WHERE NOT in_other_cohort
    UNION ALL
    SELECT
        person,
        arg_min(cohort, place_in_order),
        arg_min(kelurahan_code, place_in_order),
        min(first),
        max(last)
    FROM paid
    WHERE in_other_cohort
    GROUP BY person
),
judged AS (
    SELECT
        persons.cohort,
        persons.kelurahan_code,
        persons.first,
        CASE WHEN told.person IS NULL THEN 'daftar' ELSE 'bpjs' END AS evidence,
        CASE
            WHEN told.person IS NULL THEN last
            WHEN told.is_active THEN greatest(last, told.last_active)
            -- Between the last month seen as a member and the first seen without, the roster says.
            ELSE greatest(
                coalesce(told.last_active, DATE '0001-01-01'),
                least(last, (told.inactive_from - INTERVAL 1 MONTH)::DATE)
            )
        END AS last_month
    FROM persons
    LEFT JOIN told
        ON told.person = persons.person
        -- An old list says nothing of the months since.
        AND told.last_told >= $month - INTERVAL 1 MONTH
)
SELECT cohort, kelurahan_code, evidence, last_month, count(*) AS people
FROM judged
-- Whoever was never a member yet cannot lose it.
WHERE last_month < DATE '9999-01-01' AND last_month >= first
GROUP BY ALL
ORDER BY ALL;
