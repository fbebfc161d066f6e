-- Rows that were not accepted, by table: what the senders still have to mend.
SELECT table_name, sum(row_count)::BIGINT AS row_count
FROM finding
WHERE outcome = 'reject'
GROUP BY table_name
ORDER BY table_name;
