-- All benefits of the release: how many, how many paid after a day, first and last payment up to it.
SELECT
    count(*)::BIGINT AS claims,
    count(*) FILTER (paid_date > $day)::BIGINT AS later,
    min(paid_date) FILTER (paid_date <= $day) AS first_day,
    max(paid_date) FILTER (paid_date <= $day) AS last_day
FROM claim;
