;; First part of a WebAssembly module that scans audit events; `npm run gen` makes scan.gen.ts of all parts.
;;
;; Walks over JSON in memory and holds it to the grammar of JSON.parse. Every walk takes the place where it begins and answers the
;; place behind what it walked over, or 0 for what it does not take. Zeros stand behind the input, so no walk leaves it: zero is part
;; of no JSON.
;;
;; Memory: 0x0 the answer of a hash, 0x8 where a walk over lines ended, 0x10 the key of hashes, 0x100 tables, 0x4000 texts to be hashed,
;; 0x10000 records, 0xc0000 input. scan.ts and scan-tables.ts know these places too.
(memory (export "memory") 14)
;; A text had an escape or a byte that is no ASCII.
(global $odd (mut i32) (i32.const 0))
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
