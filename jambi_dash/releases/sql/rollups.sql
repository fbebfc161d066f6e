-- What the pages read: changes of cover by month and place, thousands of rows for millions of
-- people. Cover at month M is the sum of the changes up to M, for any M, without a last month.
CREATE TABLE release.cover_change AS
WITH active AS (
    SELECT
        enrolment.cohort,
        enrolment.kelurahan_code,
        -- An RT outside the register counts in its kelurahan, not in an RT (contract section 3).
        rt.rt,
        enrolment.start_month,
        enrolment.end_month
    FROM release.enrolment AS enrolment
    LEFT JOIN release.rt AS rt
        ON rt.kelurahan_code = enrolment.kelurahan_code AND rt.rt = enrolment.rt
    WHERE enrolment.stage = 'aktif'
),
spells AS (
    SELECT cohort, kelurahan_code, rt, start_month, end_month, count(*) AS people
    FROM active
    GROUP BY ALL
),
changes AS (
    SELECT cohort, start_month AS month, kelurahan_code, rt, people AS change
    FROM spells
    UNION ALL
    SELECT cohort, (end_month + INTERVAL 1 MONTH)::DATE, kelurahan_code, rt, -people
    FROM spells
    WHERE end_month IS NOT NULL
)
SELECT cohort, month, kelurahan_code, rt, sum(change)::BIGINT AS change
FROM changes
GROUP BY ALL
HAVING sum(change) <> 0
ORDER BY cohort, month, kelurahan_code, rt;

-- The same by kelurahan, sixty times shorter in a country. Changes that cancel stay as 0: the first
-- and the last month of a change are then those of `cover_change`.
CREATE TABLE release.kelurahan_change AS
SELECT cohort, month, kelurahan_code, sum(change)::BIGINT AS change
FROM release.cover_change
GROUP BY ALL
ORDER BY ALL;

-- The register by kelurahan: RTs, those with an estimate, the sum of their estimates.
CREATE TABLE release.kelurahan_register AS
SELECT
    kelurahan_code,
    count(*) AS rts,
    count(eligible_count) AS estimates,
    sum(eligible_count)::BIGINT AS eligible
FROM release.rt
GROUP BY ALL
ORDER BY ALL;

-- The same by occupation and kelurahan; occupations by RT would be too small to be of use.
CREATE TABLE release.occupation_change AS
WITH spells AS (
    SELECT cohort, occupation, kelurahan_code, start_month, end_month, count(*) AS people
    FROM release.enrolment
    WHERE stage = 'aktif'
    GROUP BY ALL
),
changes AS (
    SELECT cohort, occupation, start_month AS month, kelurahan_code, people AS change
    FROM spells
    UNION ALL
    SELECT cohort, occupation, (end_month + INTERVAL 1 MONTH)::DATE, kelurahan_code, -people
    FROM spells
    WHERE end_month IS NOT NULL
)
SELECT cohort, occupation, month, kelurahan_code, sum(change)::BIGINT AS change
FROM changes
GROUP BY ALL
HAVING sum(change) <> 0
ORDER BY ALL;

-- Persons, each once however many cohorts they are in: the union of their paid months.
CREATE TABLE release.person_change AS
WITH spells AS (
    SELECT
        person,
        in_other_cohort,
        start_month AS first,
        coalesce((end_month + INTERVAL 1 MONTH)::DATE, DATE '9999-01-01') AS beyond
    FROM release.enrolment
    WHERE stage = 'aktif'
),
once AS (
    SELECT first, beyond, count(*) AS people
    FROM spells
    WHERE NOT in_other_cohort
    GROUP BY first, beyond
),
marked AS (
    SELECT
        person,
        first,
        beyond,
        coalesce(
            first > max(beyond) OVER (
                PARTITION BY person ORDER BY first, beyond
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ),
            true
        ) AS begins
    FROM spells
    WHERE in_other_cohort
),
numbered AS (
    SELECT *, sum(begins::INTEGER) OVER (PARTITION BY person ORDER BY first, beyond) AS island
    FROM marked
),
islands AS (
    SELECT min(first) AS first, max(beyond) AS beyond, 1 AS people
    FROM numbered
    GROUP BY person, island
),
changes AS (
    SELECT first AS month, people AS change FROM once
    UNION ALL SELECT first, people FROM islands
    UNION ALL SELECT beyond, -people FROM once WHERE beyond < DATE '9999-01-01'
    UNION ALL SELECT beyond, -people FROM islands WHERE beyond < DATE '9999-01-01'
)
SELECT month, sum(change)::BIGINT AS change
FROM changes
GROUP BY month
HAVING sum(change) <> 0
ORDER BY month;

CREATE TABLE release.stage_count AS
SELECT cohort, stage, kelurahan_code, occupation, count(*) AS people
FROM release.enrolment
GROUP BY ALL
ORDER BY ALL;

-- Who pays for how many, by month: the contribution of a fund is read from this.
CREATE TABLE release.fund_change AS
WITH spells AS (
    SELECT cohort, fund, start_month, end_month, count(*) AS people
    FROM release.enrolment
    WHERE stage = 'aktif'
    GROUP BY ALL
),
changes AS (
    SELECT cohort, fund, start_month AS month, people AS change
    FROM spells
    UNION ALL
    SELECT cohort, fund, (end_month + INTERVAL 1 MONTH)::DATE, -people
    FROM spells
    WHERE end_month IS NOT NULL
)
SELECT cohort, fund, month, sum(change)::BIGINT AS change
FROM changes
GROUP BY ALL
HAVING sum(change) <> 0
ORDER BY ALL;
