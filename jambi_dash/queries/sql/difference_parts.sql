-- People by place and part: how many a place lost and gained under each name. Two people known to
-- one release each, alike in every trait and the only two who are, are one: paired.
WITH pairs AS (
    SELECT likeness
    FROM tally
    WHERE likeness IS NOT NULL
    GROUP BY likeness
    HAVING coalesce(sum(people) FILTER (leaves), 0) = 1
        AND coalesce(sum(people) FILTER (arrives), 0) = 1
),
named AS (
    SELECT tally.* REPLACE (
        CASE WHEN pairs.likeness IS NULL THEN tally.part ELSE 'paired' END AS part
    )
    FROM tally
    LEFT JOIN pairs USING (likeness)
),
sides AS (
    SELECT before_code AS code, part, people AS left_people, 0 AS came_people, 0 AS backdated
    FROM named
    WHERE leaves
    UNION ALL
    SELECT after_code, part, 0, people, CASE WHEN backdated AND part = 'new' THEN people ELSE 0 END
    FROM named
    WHERE arrives
),
final AS (
    SELECT
        code,
        part,
        sum(left_people)::BIGINT AS left_people,
        sum(came_people)::BIGINT AS came_people,
        sum(backdated)::BIGINT AS backdated
    FROM sides
    GROUP BY code, part
)
SELECT code, part, left_people, came_people, backdated FROM final;
