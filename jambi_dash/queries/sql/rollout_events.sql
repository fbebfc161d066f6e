-- The log of Kampung Bahagia, of RTs outside the register too.
SELECT kelurahan_code, rt, stage, event_date
FROM kampung_event
ORDER BY kelurahan_code, rt, event_date;
