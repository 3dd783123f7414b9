extension Timestamp {
  /// Reads exactly `2022-12-12T13:20:39Z` or `2022-12-12T13:20:39.000Z`, as inventories have it; nil
  /// is any other text.
  public static func parseS3(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let isLong = bytes.count == 24
    guard isLong || bytes.count == 20 else { return nil }
    func word(_ at: Int) -> UInt64 {
      unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    // Each word after exclusive or with the text it has for zeros: digits become numbers, the rest 0.
    let (date, time) = (word(0) ^ 0x2d30_302d_3030_3030, word(8) ^ 0x3030_3a30_3054_3030)
    // ":00.000Z", or the last eight bytes ":00:00Z" less what the second word has had.
    let tail = isLong ? word(16) ^ 0x5a30_3030_2e30_303a : word(12) >> 32 ^ 0x5a30_303a
    // A byte passes when it is at most 9 where digits stand, 0 elsewhere.
    let dateOver = date | (date &+ 0x7f76_767f_7676_7676)
    let timeOver = time | (time &+ 0x7676_7f76_767f_7676)
    let tailOver = tail | (tail &+ (isLong ? 0x7f76_7676_7f76_767f : 0x7f76_767f))
    guard (dateOver | timeOver | tailOver) & 0x8080_8080_8080_8080 == 0 else { return nil }
    return seconds(date, time, tail >> 8)
  }

  /// Reads `2022-12-12 13:20:39`, with `separator` between the date and the time of day, out of its first
  /// eight bytes, the next eight and the four after those, of which three count; nil is any other text.
  @inline(__always)
  public static func stamp(_ date: UInt64, _ time: UInt64, _ tail: UInt32, separator: UInt8)
    -> Int64?
  {
    let (date, time) = (
      date ^ 0x2d30_302d_3030_3030, time ^ (0x3030_3a30_3000_3030 | UInt64(separator) << 16)
    )
    let tail = UInt64(tail & 0xff_ffff) ^ 0x30_303a
    let dateOver = date | (date &+ 0x7f76_767f_7676_7676)
    let timeOver = time | (time &+ 0x7676_7f76_767f_7676)
    let tailOver = tail | (tail &+ 0x76_767f)
    guard (dateOver | timeOver | tailOver) & 0x8080_8080_8080_8080 == 0 else { return nil }
    return seconds(date, time, tail >> 8)
  }

  /// The time whose digits these words have as numbers: "YYYY-MM-", "DDTHH:MM" and "SS".
  @inline(__always)
  private static func seconds(_ date: UInt64, _ time: UInt64, _ tail: UInt64) -> Int64? {
    @inline(__always) func two(_ word: UInt64, _ at: UInt64) -> Int64 {
      Int64(truncatingIfNeeded: (word >> (8 * at) & 15) * 10 + (word >> (8 * at + 8) & 15))
    }
    let year = two(date, 0) * 100 + two(date, 2)
    let (month, day) = (two(date, 5), two(time, 0))
    let (hour, minute, second) = (two(time, 3), two(time, 6), two(tail, 0))
    guard year >= 1, month >= 1, month <= 12, day >= 1, day <= length(year, month), hour <= 23,
      minute <= 59, second <= 60
    else { return nil }
    return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + min(second, 59)
  }

  /// The safe twin of `parseS3`.
  static func parseS3Plainly(_ bytes: [UInt8]) -> Int64? {
    let model = bytes.count == 24 ? "0000-00-00T00:00:00.000Z" : "0000-00-00T00:00:00Z"
    let pattern = Array(model.utf8)
    guard bytes.count == pattern.count else { return nil }
    for (byte, model) in zip(bytes, pattern) {
      guard model == 0x30 ? (0x30...0x39).contains(byte) : byte == model else { return nil }
    }
    return try? seconds(from: bytes)
  }
}
