/// One request in the air, and what has come of it so far; used on the thread of its loop only.
public final class HTTPExchange {
  /// Takes bytes of the body as they come; false ends the exchange.
  public typealias Taker = (HTTPExchange, RawSpan) -> Bool

  public let request: HTTPRequest
  /// What its owner knows it by.
  public let number: Int
  /// Not over a connection that was used before: what is left on it of another answer must not be
  /// taken for this one.
  public var isFresh = false
  /// The whole exchange may take so many seconds; nil for as long as bytes come.
  public var seconds: Int?
  /// 0 until the first line of the answer has come.
  public internal(set) var status = 0
  public internal(set) var headers: [HTTPHeader] = []
  /// Why it ended before its time.
  public internal(set) var fault: HTTPFault?
  /// How many bytes of the body have come.
  public internal(set) var bodyLength: UInt64 = 0
  private let taker: Taker
  private var headerLength = 0

  /// No more is read of the body of an answer that is no success.
  static let refusalLimit: UInt64 = 8 << 20
  /// No server needs more for its headers.
  static let headerLimit = 256 << 10

  public init(_ request: HTTPRequest, number: Int = 0, taker: @escaping Taker) {
    self.request = request
    self.number = number
    self.taker = taker
  }

  public func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Takes bytes of the body: false when the exchange is to end.
  func take(_ bytes: RawSpan) -> Bool {
    bodyLength += UInt64(bytes.byteCount)
    return taker(self, bytes)
  }

  /// Takes a line of the head: false when there are too many.
  func take(line bytes: [UInt8]) -> Bool {
    headerLength += bytes.count
    guard headerLength <= Self.headerLimit else { return false }
    let line = bytes.prefix { $0 != 0x0d && $0 != 0x0a }
    if line.starts(with: Array("HTTP/".utf8)) {
      // An interim answer may have come before.
      headers = []
      let words = line.split(separator: 0x20, maxSplits: 2)
      status = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
      return true
    }
    let name = line.prefix { $0 != 0x3a }
    if name.count == line.count { return true }
    let value = line.dropFirst(name.count + 1).drop { $0 == 0x20 || $0 == 0x09 }
    let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 }
    headers.append(
      HTTPHeader(
        String(decoding: name, as: UTF8.self),
        String(decoding: value[..<(end ?? value.startIndex)], as: UTF8.self)))
    return true
  }
}

extension [UInt8] {
  /// Appends what of `bytes` there is room for when there are never to be more than `limit`.
  mutating func append(_ bytes: RawSpan, upTo limit: Int) {
    let count = Swift.min(bytes.byteCount, Swift.max(0, limit - self.count))
    unsafe bytes.extracting(first: count).withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
