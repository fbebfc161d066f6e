-- People on several paid rosters at one month, by those rosters, their funds and kelurahan.
SELECT cohorts, funds, kelurahan_code, places_differ, sum(change)::BIGINT AS people
FROM double_change
WHERE month <= $month
GROUP BY ALL
HAVING sum(change) <> 0
ORDER BY ALL;
