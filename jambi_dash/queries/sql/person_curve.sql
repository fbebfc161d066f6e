-- Covered persons (each once) at the end of each month in which something changed.
SELECT month, (sum(change) OVER (ORDER BY month))::BIGINT AS persons
FROM person_change
ORDER BY month;
