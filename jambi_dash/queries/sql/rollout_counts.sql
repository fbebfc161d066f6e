-- The register of RTs by their stage on one day, and how many of them have joined.
WITH events AS (
    SELECT
        kelurahan_code,
        rt,
        -- On one day the further stage counts.
        arg_max(stage, (event_date, list_position($stages, stage))) AS stage,
        bool_or(list_contains($joined_stages, stage)) AS ever_joined
    FROM kampung_event
    WHERE event_date <= $day
    GROUP BY kelurahan_code, rt
),
final AS (
    SELECT
        coalesce(events.stage, 'belum') AS stage,
        count(*)::BIGINT AS rts,
        count(*) FILTER (
            events.ever_joined AND events.stage <> 'dikecualikan'
        )::BIGINT AS joined
    FROM rt AS register
    LEFT JOIN events USING (kelurahan_code, rt)
    GROUP BY ALL
)
SELECT stage, rts, joined FROM final ORDER BY list_position($stages, stage);
