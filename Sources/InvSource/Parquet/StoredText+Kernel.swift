import InvBytes

// Text as Parquet stores it. What is copied is copied 32 bytes at a time, so that many can be read behind
// each page and written behind each text.

/// How many bytes can be read behind text.
let textSlack = 32

/// Finds the ends of `count` texts that begin at `position` of `page[..<end]`, each with its length in four
/// bytes before it, and appends where they end behind `total` bytes to `starts`; how many bytes those are.
///
/// At most `count` texts, and fewer when they would be more than `limit` bytes, but one at least.
func measureTexts(
  _ page: RawSpan, at position: Int, end: Int, count: Int, limit: Int, to starts: inout [UInt32]
) throws(FormatError) -> Int {
  precondition(position >= 0 && end + 8 <= page.byteCount)
  var place = position
  var total = 0
  var fits = true
  starts.append(addingCapacity: count) { output in
    unsafe output.withUnsafeMutableBufferPointer { target, filled in
      unsafe page.withUnsafeBytes { source in
        guard let start = source.baseAddress else { return }
        for index in 0..<count {
          // Where no length can be, eight bytes can still be read.
          guard place &+ 4 <= end else {
            fits = false
            return
          }
          let length = unsafe Int(
            UInt32(littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
          guard length <= end &- place &- 4, length <= ParquetValues.valueLimit else {
            fits = false
            return
          }
          if total &+ length > limit && index > 0 { return }
          total &+= length
          place &+= 4 &+ length
          unsafe target[index] = UInt32(truncatingIfNeeded: total)
          filled = index &+ 1
        }
      }
    }
  }
  if !fits, end - place >= 4 {
    let length = Int(page.u32(at: place))
    if length <= end - place - 4 {
      throw FormatError(
        "a value of \(length) bytes, more than \(ParquetValues.valueLimit)", at: UInt64(place))
    }
  }
  guard fits else { throw FormatError("a value ends too early", at: UInt64(place)) }
  return total
}

extension [UInt8] {
  /// Appends texts of `page`, the first at `position`, each behind its length in four bytes, that
  /// `measureTexts` has found to end at `ends[first...]`.
  mutating func appendTexts(_ page: RawSpan, at position: Int, _ ends: [UInt32], from first: Int) {
    guard let last = ends.last, ends.count > first else { return }
    let bytes = Int(last) + 4 * (ends.count - first)
    precondition(first > 0 && position >= 0 && position + bytes + textSlack <= page.byteCount)
    precondition(count == Int(ends[first - 1]) && Int(last) >= count)
    append(addingCapacity: Int(last) - count + textSlack) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, filled in
        unsafe page.withUnsafeBytes { source in
          guard let start = source.baseAddress,
            let room = UnsafeMutableRawPointer(target.baseAddress)
          else { return }
          var from = unsafe start + position
          var to = unsafe room
          var before = ends[first &- 1]
          for index in first..<ends.count {
            let length = Int(ends[index] &- before)
            before = ends[index]
            unsafe from += 4
            unsafe copyText(from, to, length)
            unsafe from += length
            unsafe to += length
          }
          filled = unsafe to - room
        }
      }
    }
  }

  /// Appends what `previous` begins with, `shared[i]` bytes, and then the next `more[i]` bytes of `page`
  /// from `position` on, for each i, where `previous` is then what has been appended last; the ends of
  /// the texts go to `ends`.
  ///
  /// The caller has compared each of `shared` with the length of the text before, and the sum of `more`
  /// with the length of the page.
  mutating func appendFrontCoded(
    _ page: RawSpan, at position: Int, shared: [Int64], more: [Int64], after previous: [UInt8],
    total: Int, to ends: inout [UInt32]
  ) {
    precondition(shared.count == more.count && position >= 0)
    precondition(position + more.reduce(0) { $0 + Int($1) } + textSlack <= page.byteCount)
    precondition(total == zip(shared, more).reduce(0) { $0 + Int($1.0 + $1.1) })
    precondition(previous.count >= Int(shared.first ?? 0) + textSlack)
    let base = count
    append(addingCapacity: total + textSlack) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, filled in
        unsafe page.withUnsafeBytes { source in
          unsafe previous.withUnsafeBytes { previous in
            guard let start = source.baseAddress, let old = previous.baseAddress,
              let room = UnsafeMutableRawPointer(target.baseAddress)
            else { return }
            var from = unsafe start + position
            var before = unsafe old
            var to = unsafe room
            for index in shared.indices {
              let (head, tail) = (Int(shared[index]), Int(more[index]))
              unsafe copyText(before, to, head)
              unsafe copyText(from, to + head, tail)
              unsafe before = UnsafeRawPointer(to)
              unsafe from += tail
              unsafe to += head + tail
              ends.append(UInt32(truncatingIfNeeded: base + (unsafe to - room)))
            }
            filled = total
          }
        }
      }
    }
  }
}

/// Copies `count` bytes upwards, and up to 31 bytes more; `to` may lie behind `from` by `count` or more.
@inline(__always)
private func copyText(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ count: Int) {
  var done = 0
  while done < count {
    let piece = unsafe from.loadUnaligned(fromByteOffset: done, as: SIMD32<UInt8>.self)
    unsafe to.storeBytes(of: piece, toByteOffset: done, as: SIMD32<UInt8>.self)
    done &+= 32
  }
}
