-- The job of each RT of the register as known on one day: of every figure the last that was told.
WITH told AS (
    SELECT
        *,
        -- On one day the further stage counts.
        (event_date, list_position($stages, stage)) AS moment,
        list_position($stages, stage) >= list_position($stages, $from_stage) AS contracted
    FROM kampung_event
    WHERE event_date <= $day AND stage <> ALL ($apart)
),
final AS (
    SELECT
        kelurahan_code,
        rt,
        arg_max(activity_idr, moment) FILTER (activity_idr IS NOT NULL) AS value_idr,
        arg_max(worker_count, moment) FILTER (worker_count IS NOT NULL) AS worker_count,
        arg_max(spk_date, moment) FILTER (spk_date IS NOT NULL) AS spk_date,
        arg_max(jakon_registered, moment) FILTER (jakon_registered IS NOT NULL) AS registered,
        arg_max(jakon_paid_idr, moment) FILTER (jakon_paid_idr IS NOT NULL) AS paid_idr,
        bool_or(contracted) AS contracted
    FROM told
    GROUP BY kelurahan_code, rt
)
SELECT
    kelurahan_code,
    rt,
    coalesce(value_idr, 0) AS value_idr,
    worker_count,
    spk_date,
    coalesce(registered, false) AS registered,
    coalesce(paid_idr, 0) AS paid_idr
FROM final
SEMI JOIN rt USING (kelurahan_code, rt)
-- A dated SPK is a job even where its value is missing: that hides no one who is unprotected.
WHERE (value_idr > 0 AND contracted) OR spk_date <= $day
ORDER BY kelurahan_code, rt;
