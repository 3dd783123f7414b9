import InvBytes
import InvSystem
import InvText

/// Reads text line by line; no more than the longest line is held.
struct TextLines: ~Copyable {
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []
  private var piece = [UInt8](repeating: 0, count: 1 << 17)
  /// Where the line after this one begins.
  private var following = 0
  private var isHeldBack = false
  /// The present line, without its line feed.
  private(set) var line: ArraySlice<UInt8> = []
  /// Its number, from 1.
  private(set) var number: UInt64 = 0

  static let limit = 1 << 28

  var name: String { descriptor.name }

  /// Whether the last line must have an end, as that of a text must which may have been cut off.
  private let needsEnd: Bool

  init(_ descriptor: consuming Descriptor, needsEnd: Bool = true) {
    self.descriptor = descriptor
    self.needsEnd = needsEnd
  }

  /// Goes to the next line; false at the end.
  mutating func next() throws(Failure) -> Bool {
    if isHeldBack {
      isHeldBack = false
      return true
    }
    line = []
    var searched = following
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0a) {
        line = buffer[following..<end]
        following = end + 1
        number += 1
        return true
      }
      searched = buffer.count - following
      buffer.removeSubrange(..<following)
      following = 0
      guard buffer.count < Self.limit else {
        throw Failure.data("\(printable(name)): line \(number + 1) is over 256 MiB")
      }
      var failure: Failure?
      let count = unsafe piece.withUnsafeMutableBytes { room in
        do throws(Failure) { return unsafe try descriptor.read(into: room) } catch {
          failure = error
        }
        return 0
      }
      if let failure { throw failure }
      if count == 0 {
        if buffer.isEmpty { return false }
        number += 1
        guard !needsEnd else {
          throw Failure.data("\(printable(name)): line \(number) has no end")
        }
        line = buffer[...]
        following = buffer.count
        return true
      }
      buffer += piece[..<count]
    }
  }

  /// Lets the present line be the next one again.
  mutating func holdBack() { isHeldBack = true }

  /// The sentence for a fault in the present line.
  func failure(_ what: String) -> Failure {
    Failure.data("\(printable(name)): line \(number): \(what)")
  }
}

/// What the fields of rows say, in the forms that `StreamPrinter` gives them.
enum TextField {
  /// The bytes of an escaped field.
  static func bytes(_ field: ArraySlice<UInt8>) throws(FormatError) -> [UInt8] {
    if field.allSatisfy({ $0 >= 0x20 && $0 != 0x5c && $0 != 0x7f }) { return [UInt8](field) }
    return try TextEscape.unescaped(field)
  }

  static func number(_ field: ArraySlice<UInt8>) throws(FormatError) -> UInt64 {
    guard let number = UInt64(decimal: field) else {
      throw FormatError("'\(String(decoding: field, as: UTF8.self))' is not a number", at: 0)
    }
    return number
  }

  /// A number with a sign, or `-` for none.
  static func signed(_ field: ArraySlice<UInt8>) throws(FormatError) -> Int64 {
    if field.elementsEqual([0x2d]) { return absentInt }
    let isNegative = field.first == 0x2d
    let number = try number(isNegative ? field.dropFirst() : field)
    let value = isNegative ? 0 - Int128(number) : Int128(number)
    guard let value = Int64(exactly: value), value != absentInt else {
      throw FormatError("a number out of range", at: 0)
    }
    return value
  }

  /// A time, `@` and its seconds, or `-` for none.
  static func time(_ field: ArraySlice<UInt8>) throws(FormatError) -> Int64 {
    if let time = unsafe field.withUnsafeBytes({ unsafe Timestamp.parseS3($0) }) { return time }
    if field.elementsEqual([0x2d]) { return absentInt }
    if field.first == 0x40 { return try signed(field.dropFirst()) }
    return try Timestamp.seconds(from: field)
  }
}
