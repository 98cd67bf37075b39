;; Second part: notes where the fields of audit events stand.
;;
;; A record: start, end, slots filled, slots with odd texts, then start and end of each slot. What the slots are, the tables say. An entry
;; of a table: the name with its quote (32 bytes), which of these bytes count (32), their number, the kind of field, its slot, its own table.
(global $record (mut i32) (i32.const 0))
(global $filled (mut i32) (i32.const 0))
(global $odds (mut i32) (i32.const 0))
(global $count (mut i32) (i32.const 0))

;; Whether the name of an entry stands here, with the quote behind it.
(func $isNamed (param $at i32) (param $entry i32) (result i32)
  (i32.eqz (v128.any_true (v128.or
    (v128.and (v128.xor (v128.load (local.get $at)) (v128.load (local.get $entry))) (v128.load offset=32 (local.get $entry)))
    (v128.and (v128.xor (v128.load offset=16 (local.get $at)) (v128.load offset=16 (local.get $entry))) (v128.load offset=48 (local.get $entry)))))))

;; The entry of a table with this name, or 0. Behind the last one stands an entry of length 0.
(func $entryOf (param $at i32) (param $entry i32) (result i32)
  (loop $next
    (if (i32.eqz (i32.load offset=64 (local.get $entry))) (then (return (i32.const 0))))
    (if (call $isNamed (local.get $at) (local.get $entry)) (then (return (local.get $entry))))
    (local.set $entry (i32.add (local.get $entry) (i32.const 80)))
    (br $next))
  (unreachable))

;; The fields of an object, behind its bracket. Takes neither names with escapes nor a field of the table twice.
(func $fields (param $at i32) (param $table i32) (result i32) (local $next i32) (local $found i32) (local $byte i32) (local $end i32)
  (local.set $next (local.get $table))
  (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
  (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 125)) (then (return (i32.add (local.get $at) (i32.const 1)))))
  (loop $field
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 34)) (then (return (i32.const 0))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    ;; Mostly the fields come in the order of the table.
    (if (i32.eqz (v128.any_true (v128.or
        (v128.and (v128.xor (v128.load (local.get $at)) (v128.load (local.get $next))) (v128.load offset=32 (local.get $next)))
        (v128.and (v128.xor (v128.load offset=16 (local.get $at)) (v128.load offset=16 (local.get $next))) (v128.load offset=48 (local.get $next))))))
      (then
        (local.set $found (local.get $next))
        (local.set $at (i32.add (local.get $at) (i32.load offset=64 (local.get $found)))))
      (else
        (global.set $odd (i32.const 0))
        (local.set $end (call $text (local.get $at)))
        (if (i32.or (global.get $odd) (i32.eqz (local.get $end))) (then (return (i32.const 0))))
        (local.set $found (call $entryOf (local.get $at) (local.get $table)))
        (local.set $at (local.get $end))))
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 58)) (then (return (i32.const 0))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (if (local.get $found)
      (then
        (local.set $next (i32.add (local.get $found) (i32.const 80)))
        (local.set $at (call $take (local.get $at) (local.get $found))))
      (else (local.set $at (call $value (local.get $at) (i32.const 1)))))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (local.set $byte (i32.load8_u (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br_if $field (i32.eq (local.get $byte) (i32.const 44))))
  (select (local.get $at) (i32.const 0) (i32.eq (local.get $byte) (i32.const 125))))

;; The value of a field, as its entry says: 0 of no interest, 1 a text that is not empty, 2 anything, 3 an object with a table, 4 events, else not taken.
(func $take (param $at i32) (param $entry i32) (result i32) (local $kind i32) (local $bit i32) (local $slot i32) (local $end i32)
  (local.set $kind (i32.load offset=68 (local.get $entry)))
  (if (i32.eqz (local.get $kind)) (then (return (call $value (local.get $at) (i32.const 1)))))
  (if (i32.eq (local.get $kind) (i32.const 4)) (then (return (call $events (local.get $at)))))
  (if (i32.gt_u (local.get $kind) (i32.const 4)) (then (return (i32.const 0))))
  (local.set $bit (i32.shl (i32.const 1) (i32.load offset=72 (local.get $entry))))
  (if (i32.and (global.get $filled) (local.get $bit)) (then (return (i32.const 0))))
  (global.set $filled (i32.or (global.get $filled) (local.get $bit)))
  (if (i32.eq (local.get $kind) (i32.const 3))
    (then
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 123)) (then (return (i32.const 0))))
      (return (call $fields (i32.add (local.get $at) (i32.const 1)) (i32.load offset=76 (local.get $entry))))))
  (local.set $slot (i32.add (global.get $record) (i32.shl (i32.load offset=72 (local.get $entry)) (i32.const 3))))
  (if (i32.eq (local.get $kind) (i32.const 2))
    (then
      (local.set $end (call $value (local.get $at) (i32.const 1)))
      (i32.store offset=16 (local.get $slot) (local.get $at))
      (i32.store offset=20 (local.get $slot) (local.get $end))
      (return (local.get $end))))
  (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 34)) (then (return (i32.const 0))))
  (local.set $at (i32.add (local.get $at) (i32.const 1)))
  (global.set $odd (i32.const 0))
  (local.set $end (call $text (local.get $at)))
  (if (i32.le_u (local.get $end) (i32.add (local.get $at) (i32.const 1))) (then (return (i32.const 0))))
  (if (global.get $odd) (then (global.set $odds (i32.or (global.get $odds) (local.get $bit)))))
  (i32.store offset=16 (local.get $slot) (local.get $at))
  (i32.store offset=20 (local.get $slot) (i32.sub (local.get $end) (i32.const 1)))
  (local.get $end))

;; One event. What it does not take and what is JSON makes a record in which no slot is filled.
(func $event (param $at i32) (result i32) (local $end i32)
  (if (i32.ge_u (global.get $count) (i32.const 4096)) (then (return (i32.const 0))))
  (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
  (global.set $record (i32.add (i32.const 0x10000) (i32.mul (global.get $count) (i32.const 160))))
  (global.set $filled (i32.const 0))
  (global.set $odds (i32.const 0))
  (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 123))
    (then (local.set $end (call $fields (i32.add (local.get $at) (i32.const 1)) (i32.const 0x100)))))
  (if (i32.eqz (local.get $end))
    (then
      (global.set $filled (i32.const 0))
      (if (i32.eqz (local.tee $end (call $value (local.get $at) (i32.const 0)))) (then (return (i32.const 0))))))
  (i32.store (global.get $record) (local.get $at))
  (i32.store offset=4 (global.get $record) (local.get $end))
  (i32.store offset=8 (global.get $record) (global.get $filled))
  (i32.store offset=12 (global.get $record) (global.get $odds))
  (global.set $count (i32.add (global.get $count) (i32.const 1)))
  (local.get $end))

;; The list of events within their list: at most one that holds any.
(func $events (param $at i32) (result i32) (local $byte i32)
  (if (i32.or (global.get $count) (i32.ne (i32.load8_u (local.get $at)) (i32.const 91))) (then (return (i32.const 0))))
  (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
  (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 93)) (then (return (i32.add (local.get $at) (i32.const 1)))))
  (loop $next
    (if (i32.eqz (local.tee $at (call $event (local.get $at)))) (then (return (i32.const 0))))
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (local.set $byte (i32.load8_u (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br_if $next (i32.eq (local.get $byte) (i32.const 44))))
  (select (local.get $at) (i32.const 0) (i32.eq (local.get $byte) (i32.const 93))))

;; How many records one event or, with the table of a list, a list of events made; -1 when it is not taken. White space may follow until `end`.
(func (export "scan") (param $at i32) (param $end i32) (param $list i32) (result i32)
  (global.set $count (i32.const 0))
  (v128.store (local.get $end) (v128.const i64x2 0 0))
  (v128.store offset=16 (local.get $end) (v128.const i64x2 0 0))
  (if (local.get $list)
    (then (local.set $at (call $fields (local.get $at) (local.get $list))))
    (else (local.set $at (call $event (local.get $at)))))
  (if (i32.eqz (local.get $at)) (then (return (i32.const -1))))
  (if (i32.gt_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
  (select (global.get $count) (i32.const -1) (i32.ge_u (call $space (local.get $at)) (local.get $end))))

;; How many records the events of whole lines made, up to the first line that is not taken; where that begins is left at 8.
(func (export "lines") (param $at i32) (param $end i32) (result i32) (local $line i32)
  (global.set $count (i32.const 0))
  (v128.store (local.get $end) (v128.const i64x2 0 0))
  (v128.store offset=16 (local.get $end) (v128.const i64x2 0 0))
  (loop $next
    (local.set $line (local.get $at))
    (global.set $broken (i32.const 0))
    (local.set $at (call $event (local.get $at)))
    (if (local.get $at)
      (then
        (if (i32.eqz (i32.or (global.get $broken) (i32.or (i32.ne (i32.load8_u (local.get $at)) (i32.const 10)) (i32.ge_u (local.get $at) (local.get $end)))))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $next)))
        (global.set $count (i32.sub (global.get $count) (i32.const 1))))))
  (i32.store offset=8 (i32.const 0) (local.get $line))
  (global.get $count))
