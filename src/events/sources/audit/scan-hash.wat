;; Third part: hashes texts with a key of 128 bits.

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
  (i32.const 1))
