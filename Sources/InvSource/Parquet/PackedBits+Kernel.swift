import InvBytes

// Bits that Parquet packs, the lowest first. Eight bytes are loaded for each value, or sixteen where it
// has more than 56 bits: each function sees to it that they are there.

/// Appends `count` integers of `width` bits, 1 to 32, from bit `bit` on to `values`; the greatest.
@inline(__always)
func appendBits<Value: FixedWidthInteger & UnsignedInteger>(
  _ page: RawSpan, at bit: Int, width: Int, count: Int, to values: inout [Value]
) -> UInt32 {
  guard count > 0 else { return 0 }
  precondition(width >= 1 && width <= 32 && bit >= 0)
  precondition((bit + (count - 1) * width) / 8 + 8 <= page.byteCount)
  let mask = (UInt64(1) << UInt64(width)) &- 1
  var greatest: UInt64 = 0
  values.append(addingCapacity: count) { output in
    unsafe output.withUnsafeMutableBufferPointer { target, filled in
      unsafe page.withUnsafeBytes { source in
        guard let start = source.baseAddress else { return }
        var place = bit
        for index in 0..<count {
          let word = unsafe UInt64(
            littleEndian: start.loadUnaligned(fromByteOffset: place &>> 3, as: UInt64.self))
          let value = (word &>> UInt64(truncatingIfNeeded: place & 7)) & mask
          greatest = max(greatest, value)
          unsafe target[index] = Value(truncatingIfNeeded: value)
          place &+= width
        }
        filled = count
      }
    }
  }
  return UInt32(truncatingIfNeeded: greatest)
}

/// Appends the integers of which each is `leastDelta` and `width` more bits, at most 64, from bit `bit` on
/// greater than the one before, the first than `previous`; the last of them.
func appendDeltas(
  _ page: RawSpan, at bit: Int, width: Int, count: Int, after previous: Int64,
  _ leastDelta: Int64, to values: inout [Int64]
) -> Int64 {
  guard count > 0 else { return previous }
  precondition(width >= 0 && width <= 64 && bit >= 0)
  precondition((bit + (count - 1) * width) / 8 + 16 <= page.byteCount)
  var last = previous
  values.append(addingCapacity: count) { output in
    unsafe output.withUnsafeMutableBufferPointer { target, filled in
      unsafe page.withUnsafeBytes { source in
        guard let start = source.baseAddress else { return }
        var place = UInt64(bit)
        let low = UInt64(min(width, 32))
        let high = UInt64(width) &- low
        for index in 0..<count {
          var delta = unsafe bits(start, at: place, width: low)
          if high > 0 { delta |= unsafe bits(start, at: place &+ low, width: high) &<< low }
          last = last &+ leastDelta &+ Int64(bitPattern: delta)
          unsafe target[index] = last
          place &+= UInt64(width)
        }
        filled = count
      }
    }
  }
  return last
}
