-- What became of one share of the people of a cohort between two releases: everybody covered in
-- either of them falls in exactly one part. Shares ($share of $shares) keep the join small.
INSERT INTO tally
WITH was AS (
    SELECT
        person,
        kelurahan_code,
        -- What a person looks like without an identity; with less than this nobody is paired.
        CASE WHEN $pairing AND kelurahan_code IS NOT NULL AND birth_year IS NOT NULL AND sex IS NOT NULL
            THEN hash(kelurahan_code, rt, start_month, birth_year, sex, occupation)
        END AS likeness
    FROM earlier.enrolment
    WHERE cohort = $cohort AND stage = $covered AND start_month <= $month_before
        AND (end_month IS NULL OR end_month >= $month_before) AND hash(person) % $shares::UBIGINT = $share::UBIGINT
),
now AS (
    SELECT
        person,
        kelurahan_code,
        CASE WHEN $pairing AND kelurahan_code IS NOT NULL AND birth_year IS NOT NULL AND sex IS NOT NULL
            THEN hash(kelurahan_code, rt, start_month, birth_year, sex, occupation)
        END AS likeness,
        start_month <= $month_before AND (end_month IS NULL OR end_month >= $month_before)
            AS covered_then
    FROM later.enrolment
    WHERE cohort = $cohort AND stage = $covered AND start_month <= $month_after
        AND (end_month IS NULL OR end_month >= $month_after) AND hash(person) % $shares::UBIGINT = $share::UBIGINT
),
compared AS MATERIALIZED (
    SELECT
        coalesce(was.person, now.person) AS person,
        was.person IS NOT NULL AS leaves,
        now.person IS NOT NULL AS arrives,
        was.kelurahan_code AS before_code,
        now.kelurahan_code AS after_code,
        coalesce(was.likeness, now.likeness) AS likeness,
        coalesce(now.covered_then, false) AS covered_then
    FROM was
    FULL JOIN now ON now.person = was.person
),
one_sided AS MATERIALIZED (
    SELECT person, leaves, arrives, before_code, after_code, likeness, covered_then
    FROM compared
    WHERE NOT (leaves AND arrives)
),
-- All that either release holds of those people, whatever cohort or stage.
earlier_rows AS MATERIALIZED (
    SELECT
        person,
        cohort,
        stage = $covered AND start_month <= $month_before
            AND (end_month IS NULL OR end_month >= $month_before) AS is_covered
    FROM earlier.enrolment
    SEMI JOIN one_sided USING (person)
    WHERE hash(person) % $shares::UBIGINT = $share::UBIGINT
),
later_rows AS MATERIALIZED (
    SELECT
        person,
        cohort,
        stage = $covered AND start_month <= $month_after
            AND (end_month IS NULL OR end_month >= $month_after) AS is_covered,
        -- Whether this row leaves it standing that the person was covered at the earlier month:
        -- a row that ended says nothing against it, unless by its months.
        (stage = $covered OR stage = $ended)
            AND coalesce(start_month <= $month_before, true)
            AND coalesce(end_month >= $month_before, true) AS upholds
    FROM later.enrolment
    SEMI JOIN one_sided USING (person)
    WHERE hash(person) % $shares::UBIGINT = $share::UBIGINT
),
earlier_facts AS (
    SELECT person, bool_or(cohort = $cohort) AS listed
    FROM earlier_rows
    GROUP BY person
),
later_facts AS (
    SELECT person, bool_or(cohort = $cohort AND NOT upholds) AS denied
    FROM later_rows
    GROUP BY person
),
-- Covered in both releases, but under another cohort: left one for this, or this for one.
came_from AS (
    SELECT DISTINCT earlier_rows.person
    FROM earlier_rows
    ANTI JOIN (FROM later_rows WHERE is_covered) AS still USING (person, cohort)
    WHERE earlier_rows.is_covered AND earlier_rows.cohort <> $cohort
),
went_to AS (
    SELECT DISTINCT later_rows.person
    FROM later_rows
    ANTI JOIN (FROM earlier_rows WHERE is_covered) AS already USING (person, cohort)
    WHERE later_rows.is_covered AND later_rows.cohort <> $cohort
),
judged AS (
    SELECT
        CASE
            WHEN leaves AND went_to.person IS NOT NULL THEN 'recoded'
            WHEN leaves AND later_facts.denied THEN 'corrected'
            WHEN leaves THEN 'ended'
            WHEN came_from.person IS NOT NULL THEN 'recoded'
            WHEN earlier_facts.listed AND covered_then THEN 'corrected'
            ELSE 'new'
        END AS part,
        leaves,
        arrives,
        before_code,
        after_code,
        -- Known to one release alone: perhaps the same person under a mended identity.
        CASE WHEN earlier_facts.person IS NULL OR later_facts.person IS NULL THEN likeness END
            AS likeness,
        covered_then
    FROM one_sided
    LEFT JOIN earlier_facts USING (person)
    LEFT JOIN later_facts USING (person)
    LEFT JOIN came_from USING (person)
    LEFT JOIN went_to USING (person)
),
final AS (
    SELECT
        part,
        leaves,
        arrives,
        before_code,
        after_code,
        likeness,
        part = 'new' AND covered_then AS backdated
    FROM judged
    UNION ALL
    SELECT
        CASE
            WHEN before_code IS NOT DISTINCT FROM after_code THEN 'stayed'
            WHEN before_code IS NOT NULL AND after_code IS NOT NULL THEN 'moved'
            ELSE 'recoded'
        END,
        true,
        true,
        before_code,
        after_code,
        NULL,
        false
    FROM compared
    WHERE leaves AND arrives
)
SELECT part, leaves, arrives, before_code, after_code, likeness, backdated, count(*)
FROM final
GROUP BY ALL;
