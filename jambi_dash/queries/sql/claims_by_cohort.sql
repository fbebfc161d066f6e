-- Benefits paid from one day to another, by cohort and programme.
SELECT cohort, program, count(*)::BIGINT AS paid_count, sum(amount_idr)::BIGINT AS amount_idr
FROM claim
WHERE paid_date BETWEEN $first AND $last
    AND ($area = '' OR starts_with(kelurahan_code, $area))
GROUP BY cohort, program
ORDER BY cohort, program;
