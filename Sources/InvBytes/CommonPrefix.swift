/// How many bytes two byte strings have in common from `start` on, where they are known to agree.
@inlinable
public func commonPrefix(_ a: RawSpan, _ b: RawSpan, from start: Int = 0) -> Int {
  let limit = min(a.byteCount, b.byteCount)
  var at = start
  while at &+ 8 <= limit {
    let difference = a.u64(at: at) ^ b.u64(at: at)
    if difference != 0 { return at &+ difference.trailingZeroBitCount / 8 }
    at &+= 8
  }
  while at < limit, a.u8(at: at) == b.u8(at: at) { at &+= 1 }
  return at
}

/// Whether byte string `a` comes before `b` when both agree up to `start`.
@inlinable
public func precedes(_ a: RawSpan, _ b: RawSpan, from start: Int = 0) -> Bool {
  let at = commonPrefix(a, b, from: start)
  if at == a.byteCount || at == b.byteCount { return a.byteCount < b.byteCount }
  return a.u8(at: at) < b.u8(at: at)
}
