-- What is to be mended: rows by table, rule and kelurahan (null: no kelurahan could be told).
SELECT table_name, rule, outcome, kelurahan_code, sum(row_count)::BIGINT AS row_count
FROM finding
GROUP BY ALL
ORDER BY ALL;
