-- RTs of the register without any event, by kelurahan.
SELECT kelurahan_code, count(*) AS rts
FROM rt
ANTI JOIN kampung_event USING (kelurahan_code, rt)
GROUP BY kelurahan_code
ORDER BY kelurahan_code;
