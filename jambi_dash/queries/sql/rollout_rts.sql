-- RTs of the register with what their course begins with; with $told only those with an event.
SELECT kelurahan_code, rt, pilot
FROM rt
WHERE NOT $told OR EXISTS (
    FROM kampung_event AS event
    WHERE event.kelurahan_code = rt.kelurahan_code AND event.rt = rt.rt
)
ORDER BY kelurahan_code, rt;
