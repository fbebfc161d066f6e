-- The ladder from proposal to payment, over releases: who stands in which stage since when, and
-- which steps were taken since the earlier release. A roster knows the stage, not its date, so
-- dates are those of releases: exact to the time between two of them.
-- `earlier_entry` and `earlier_enrolment` stand for the earlier release (empty: there is none);
-- $seen is the date of the roster now, $earlier_seen that of the earlier one.

-- Where the earlier roster had anybody: only there does somebody's absence from it say anything.
CREATE OR REPLACE TEMP TABLE earlier_reach AS
SELECT DISTINCT cohort, coalesce(left(kelurahan_code, 8), '') AS kecamatan_code
FROM earlier_enrolment;

INSERT INTO release.stage_entry BY NAME
SELECT
    now.person,
    now.cohort,
    now.stage,
    now.kelurahan_code,
    CASE WHEN was.stage = now.stage THEN least(was.entered_by, $seen::DATE) ELSE $seen::DATE END AS entered_by,
    CASE
        WHEN was.stage = now.stage THEN was.entered_after
        WHEN $seen::DATE > $earlier_seen::DATE AND reach.cohort IS NOT NULL THEN $earlier_seen::DATE
    END AS entered_after,
    now.reason
FROM release.enrolment AS now
LEFT JOIN earlier_entry AS was ON was.person = now.person AND was.cohort = now.cohort
LEFT JOIN earlier_reach AS reach
    ON reach.cohort = now.cohort
    AND reach.kecamatan_code = coalesce(left(now.kelurahan_code, 8), '')
WHERE now.stage <> $paid;

INSERT INTO release.stage_move BY NAME
WITH steps AS (
    SELECT
        was.cohort,
        coalesce(now.kelurahan_code, was.kelurahan_code) AS kelurahan_code,
        was.stage AS from_stage,
        now.stage AS to_stage,
        CASE WHEN now.stage <> $paid THEN now.reason END AS reason,
        greatest(date_diff('day', was.entered_by, $earlier_seen::DATE), 0) AS days_least,
        date_diff('day', was.entered_after, $seen::DATE) AS days_most
    FROM earlier_entry AS was
    LEFT JOIN release.enrolment AS now ON now.person = was.person AND now.cohort = was.cohort
    WHERE now.stage IS DISTINCT FROM was.stage AND $seen::DATE > $earlier_seen::DATE
    UNION ALL
    -- Out of the paid: since when they were paid is not a matter of stages.
    SELECT was.cohort, now.kelurahan_code, was.stage, now.stage, now.reason, NULL, NULL
    FROM release.stage_entry AS now
    JOIN earlier_enrolment AS was ON was.person = now.person AND was.cohort = now.cohort
    WHERE was.stage = $paid AND $seen::DATE > $earlier_seen::DATE
)
SELECT
    cohort,
    kelurahan_code,
    from_stage,
    to_stage,
    reason,
    $seen::DATE AS seen,
    days_least,
    days_most,
    count(*) AS people
FROM steps
GROUP BY ALL
ORDER BY ALL;
