;; Walks over JSON in memory, holds it to the grammar of JSON.parse, and notes where the fields of audit events stand.
;; `npm run gen` makes scan.gen.ts of it; scan.ts fills the tables and says what each slot is.
;;
;; Every walk takes the place where it begins and answers the place behind what it walked over, or 0 for what it does not take.
;; Zeros stand behind the input, so no walk leaves it: zero is part of no JSON.
;;
;; 0x0000 the answer of a hash   0x0010 its key   0x0100 tables   0x4000 texts to be hashed
;; 0x10000 records: start, end, slots filled, slots that need decoding, then start and end of each slot   0xc0000 input
(module
  (memory (export "memory") 14)
  ;; A text had an escape or a byte that is no ASCII.
  (global $odd (mut i32) (i32.const 0))
  (global $record (mut i32) (i32.const 0))
  (global $filled (mut i32) (i32.const 0))
  (global $odds (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  ;; A line break was walked over.
  (global $broken (mut i32) (i32.const 0))

  (func $space (param $at i32) (result i32) (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.gt_u (local.get $byte) (i32.const 32)) (then (return (local.get $at))))
      (if (i32.eq (local.get $byte) (i32.const 10)) (then (global.set $broken (i32.const 1))))
      (if (i64.eqz (i64.and (i64.shr_u (i64.const 0x100002600) (i64.extend_i32_u (local.get $byte))) (i64.const 1))) (then (return (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next))
    (unreachable))

  (func $digits (param $at i32) (result i32) (local $start i32)
    (local.set $start (local.get $at))
    (loop $next
      (if (i32.lt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)) (i32.const 10))
        (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $next))))
    (select (i32.const 0) (local.get $at) (i32.eq (local.get $at) (local.get $start))))

  (func $number (param $at i32) (result i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 45)) (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 48))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1))))
      (else (if (i32.eqz (local.tee $at (call $digits (local.get $at)))) (then (return (i32.const 0))))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 46))
      (then (if (i32.eqz (local.tee $at (call $digits (i32.add (local.get $at) (i32.const 1))))) (then (return (i32.const 0))))))
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 32)) (i32.const 101))
      (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.or (i32.eq (i32.load8_u (local.get $at)) (i32.const 43)) (i32.eq (i32.load8_u (local.get $at)) (i32.const 45)))
          (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (call $digits (local.get $at)))))
    (local.get $at))

  (func $isHex (param $byte i32) (result i32)
    (i32.or
      (i32.lt_u (i32.sub (local.get $byte) (i32.const 48)) (i32.const 10))
      (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 32)) (i32.const 97)) (i32.const 6))))

  ;; Begins behind the backslash.
  (func $escape (param $at i32) (result i32) (local $byte i32) (local $last i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (if (i32.eq (local.get $byte) (i32.const 117))
      (then
        (local.set $last (i32.add (local.get $at) (i32.const 4)))
        (loop $next
          (if (i32.eqz (call $isHex (i32.load8_u (local.get $at)))) (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $last))))
        (return (local.get $at))))
    ;; " / \ stand for themselves; b f n r t are bits of what is left above 98.
    (if (i32.or (i32.or (i32.eq (local.get $byte) (i32.const 34)) (i32.eq (local.get $byte) (i32.const 47))) (i32.eq (local.get $byte) (i32.const 92)))
      (then (return (local.get $at))))
    (if (i32.gt_u (i32.sub (local.get $byte) (i32.const 98)) (i32.const 18)) (then (return (i32.const 0))))
    (select (local.get $at) (i32.const 0) (i32.and (i32.shr_u (i32.const 0x51011) (i32.sub (local.get $byte) (i32.const 98))) (i32.const 1))))

  ;; Begins behind the first quote.
  (func $text (param $at i32) (result i32) (local $bytes v128) (local $special i32) (local $byte i32)
    (loop $next
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $special (i8x16.bitmask (v128.or
        (v128.or
          (i8x16.eq (local.get $bytes) (v128.const i64x2 0x2222222222222222 0x2222222222222222))
          (i8x16.eq (local.get $bytes) (v128.const i64x2 0x5c5c5c5c5c5c5c5c 0x5c5c5c5c5c5c5c5c)))
        (i8x16.lt_u (local.get $bytes) (v128.const i64x2 0x2020202020202020 0x2020202020202020)))))
      (if (i32.eqz (local.get $special))
        (then
          (global.set $odd (i32.or (global.get $odd) (i8x16.bitmask (local.get $bytes))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next)))
      (local.set $special (i32.ctz (local.get $special)))
      (global.set $odd (i32.or (global.get $odd)
        (i32.and (i8x16.bitmask (local.get $bytes)) (i32.sub (i32.shl (i32.const 1) (local.get $special)) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (local.get $special)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $byte) (i32.const 34)) (then (return (local.get $at))))
      (if (i32.ne (local.get $byte) (i32.const 92)) (then (return (i32.const 0))))
      (global.set $odd (i32.const 1))
      (br_if $next (local.tee $at (call $escape (local.get $at)))))
    (i32.const 0))

  ;; What is nested deeper than 100 is left to others. Calls of $space are spared where none stands, for there are many.
  (func $value (param $at i32) (param $depth i32) (result i32) (local $byte i32)
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (local.set $byte (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $byte) (i32.const 34)) (then (return (call $text (i32.add (local.get $at) (i32.const 1))))))
    ;; { and [ differ from what closes them by two.
    (if (i32.eq (i32.or (local.get $byte) (i32.const 32)) (i32.const 123))
      (then
        (if (i32.gt_u (local.get $depth) (i32.const 100)) (then (return (i32.const 0))))
        (return (call $members (i32.add (local.get $at) (i32.const 1)) (i32.add (local.get $byte) (i32.const 2)) (i32.add (local.get $depth) (i32.const 1))))))
    (if (i32.eq (i32.load (local.get $at)) (i32.const 0x65757274)) (then (return (i32.add (local.get $at) (i32.const 4)))))
    (if (i32.eq (i32.load (local.get $at)) (i32.const 0x6c6c756e)) (then (return (i32.add (local.get $at) (i32.const 4)))))
    (if (i32.and (i32.eq (local.get $byte) (i32.const 102)) (i32.eq (i32.load offset=1 (local.get $at)) (i32.const 0x65736c61))) (then (return (i32.add (local.get $at) (i32.const 5)))))
    (call $number (local.get $at)))

  ;; Of an object or a list, behind what opens it.
  (func $members (param $at i32) (param $close i32) (param $depth i32) (result i32) (local $byte i32)
    (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
    (if (i32.eq (i32.load8_u (local.get $at)) (local.get $close)) (then (return (i32.add (local.get $at) (i32.const 1)))))
    (loop $next
      (if (i32.eq (local.get $close) (i32.const 125))
        (then
          (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 34)) (then (return (i32.const 0))))
          (if (i32.eqz (local.tee $at (call $text (i32.add (local.get $at) (i32.const 1))))) (then (return (i32.const 0))))
          (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 58)) (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.eqz (local.tee $at (call $value (local.get $at) (local.get $depth)))) (then (return (i32.const 0))))
      (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 32)) (then (local.set $at (call $space (local.get $at)))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.eq (local.get $byte) (i32.const 44))))
    (select (local.get $at) (i32.const 0) (i32.eq (local.get $byte) (local.get $close))))

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

  ;; SipHash-1-3 of the texts to be hashed.
  (func $hash (export "hash") (param $length i32)
    (local $word i32) (local $words i32) (local $m i64) (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local.set $words (i32.add (i32.shr_u (local.get $length) (i32.const 3)) (i32.const 1)))
    (local.set $a (i64.xor (i64.load offset=0x10 (i32.const 0)) (i64.const 0x736f6d6570736575)))
    (local.set $b (i64.xor (i64.load offset=0x18 (i32.const 0)) (i64.const 0x646f72616e646f6d)))
    (local.set $c (i64.xor (i64.load offset=0x10 (i32.const 0)) (i64.const 0x6c7967656e657261)))
    (local.set $d (i64.xor (i64.load offset=0x18 (i32.const 0)) (i64.const 0x7465646279746573)))
    (loop $next
      (local.set $m (i64.load offset=0x4000 (i32.shl (local.get $word) (i32.const 3))))
      (local.set $word (i32.add (local.get $word) (i32.const 1)))
      ;; The last word holds the length; three rounds without a word follow.
      (if (i32.ge_u (local.get $word) (local.get $words))
        (then
          (local.set $m (i64.or
            (i64.and (local.get $m) (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (i32.shl (i32.and (local.get $length) (i32.const 7)) (i32.const 3)))) (i64.const 1)))
            (i64.shl (i64.extend_i32_u (local.get $length)) (i64.const 56))))
          (if (i32.gt_u (local.get $word) (local.get $words)) (then (local.set $m (i64.const 0))))
          (if (i32.eq (local.get $word) (i32.add (local.get $words) (i32.const 1))) (then (local.set $c (i64.xor (local.get $c) (i64.const 0xff)))))))
      (local.set $d (i64.xor (local.get $d) (local.get $m)))
      (local.set $a (i64.add (local.get $a) (local.get $b)))
      (local.set $b (i64.xor (i64.rotl (local.get $b) (i64.const 13)) (local.get $a)))
      (local.set $a (i64.rotl (local.get $a) (i64.const 32)))
      (local.set $c (i64.add (local.get $c) (local.get $d)))
      (local.set $d (i64.xor (i64.rotl (local.get $d) (i64.const 16)) (local.get $c)))
      (local.set $a (i64.add (local.get $a) (local.get $d)))
      (local.set $d (i64.xor (i64.rotl (local.get $d) (i64.const 21)) (local.get $a)))
      (local.set $c (i64.add (local.get $c) (local.get $b)))
      (local.set $b (i64.xor (i64.rotl (local.get $b) (i64.const 17)) (local.get $c)))
      (local.set $c (i64.rotl (local.get $c) (i64.const 32)))
      (local.set $a (i64.xor (local.get $a) (local.get $m)))
      (br_if $next (i32.lt_u (local.get $word) (i32.add (local.get $words) (i32.const 3)))))
    (i64.store (i32.const 0) (i64.xor (i64.xor (local.get $a) (local.get $b)) (i64.xor (local.get $c) (local.get $d)))))

  ;; Whether an equals sign stands from here to the end.
  (func (export "hasEquals") (param $at i32) (param $end i32) (result i32) (local $found i32)
    (loop $next
      (local.set $found (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (v128.const i64x2 0x3d3d3d3d3d3d3d3d 0x3d3d3d3d3d3d3d3d))))
      (if (local.get $found) (then (return (i32.lt_u (i32.add (local.get $at) (i32.ctz (local.get $found))) (local.get $end)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i32.const 0))

  ;; Hashes slots of a record, each with a line break behind it. 0 when they are too long.
  (func (export "digest") (param $record i32) (param $slots i32) (param $count i32) (result i32) (local $to i32) (local $slot i32) (local $length i32) (local $from i32) (local $copy i32)
    (local.set $to (i32.const 0x4000))
    (local.set $count (i32.add (local.get $slots) (local.get $count)))
    (loop $next
      (local.set $slot (i32.load8_u (local.get $slots)))
      (if (i32.and (i32.load offset=8 (local.get $record)) (i32.shl (i32.const 1) (local.get $slot)))
        (then
          (local.set $slot (i32.add (local.get $record) (i32.shl (local.get $slot) (i32.const 3))))
          (local.set $length (i32.sub (i32.load offset=20 (local.get $slot)) (i32.load offset=16 (local.get $slot))))
          (if (i32.gt_u (local.get $length) (i32.sub (i32.const 0xbf00) (local.get $to))) (then (return (i32.const 0))))
          (local.set $from (i32.load offset=16 (local.get $slot)))
          (local.set $slot (i32.add (local.get $from) (local.get $length)))
          (local.set $copy (local.get $to))
          (loop $more
            (v128.store (local.get $copy) (v128.load (local.get $from)))
            (local.set $copy (i32.add (local.get $copy) (i32.const 16)))
            (local.set $from (i32.add (local.get $from) (i32.const 16)))
            (br_if $more (i32.lt_u (local.get $from) (local.get $slot))))
          (local.set $to (i32.add (local.get $to) (local.get $length)))))
      (i32.store8 (local.get $to) (i32.const 10))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $slots (i32.add (local.get $slots) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $slots) (local.get $count))))
    (call $hash (i32.sub (local.get $to) (i32.const 0x4000)))
    (i32.const 1)))
