-- The stage of every RT of the register on one day: the last event up to it, else 'belum'.
WITH events AS (
    SELECT kelurahan_code, rt, stage, event_date
    FROM kampung_event
    WHERE event_date <= $day
),
latest AS (
    SELECT
        kelurahan_code,
        rt,
        -- On one day the further stage counts.
        arg_max(stage, (event_date, list_position($stages, stage))) AS stage
    FROM events
    GROUP BY kelurahan_code, rt
),
joined AS (
    SELECT kelurahan_code, rt, min(event_date) AS joined_date
    FROM events
    WHERE list_contains($joined_stages, stage)
    GROUP BY kelurahan_code, rt
)
SELECT
    register.kelurahan_code,
    register.rt,
    coalesce(latest.stage, 'belum') AS stage,
    joined.joined_date,
    register.pilot
FROM rt AS register
LEFT JOIN latest USING (kelurahan_code, rt)
LEFT JOIN joined USING (kelurahan_code, rt)
ORDER BY register.kelurahan_code, register.rt;
