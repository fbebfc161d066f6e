-- Benefits paid up to a day, by programme.
SELECT program, count(*)::BIGINT AS paid_count, sum(amount_idr)::BIGINT AS amount_idr
FROM claim
WHERE paid_date <= $day
GROUP BY program
ORDER BY program;
