import InvSystem

/// A range of a file on its way; used on the network's thread only.
final class DownloadPart {
  /// What is wrong with the head of an answer to a request for a range.
  enum HeadProblem: Equatable {
    /// Another range than was asked for, or all of it: not to be taken, but to be asked for again.
    case otherRange(String)
    /// The object has another size than it must have.
    case otherSize(UInt64)
    /// It is not the version that the other parts are of.
    case changed
  }

  let start: UInt64
  private(set) var end: UInt64
  /// How many of its bytes have come, and how many of those have been written.
  private(set) var received: UInt64 = 0
  private var written: UInt64 = 0
  /// Those that have not: a page of a file that is written in two goes costs more than twice as much.
  private var buffer: [UInt8] = []
  var attempts = RemoteAttempts()
  /// Not to be asked for before this time of the clock.
  var notBefore = 0.0
  /// What asks for it now, and was signed with.
  var exchange: HTTPExchange?
  var credentials: Credentials?
  /// How much had been received when it was last asked for.
  var receivedBefore: UInt64 = 0
  /// What is known since the head of the answer came.
  private(set) var isHeadRight = false
  var headProblem: HeadProblem?
  /// The body of an answer that is no success.
  private(set) var errorBody: [UInt8] = []
  /// Why its bytes could not be written.
  private(set) var loss: Failure?

  private static let errorLimit = 64 << 10
  private static let bufferLimit = 128 << 10
  private static let page: UInt64 = 4096

  init(_ range: Range<UInt64>) {
    start = range.lowerBound
    end = range.upperBound
  }

  var at: UInt64 { start + received }
  /// All bytes of the part before it have been written.
  var front: UInt64 { start + written }
  var isWhole: Bool { at == end }

  func begin(_ exchange: HTTPExchange, _ credentials: Credentials?) {
    self.exchange = exchange
    self.credentials = credentials
    receivedBefore = received
    isHeadRight = false
    headProblem = nil
    errorBody = []
  }

  /// Takes bytes of the answer; false when the exchange is to end.
  func take(_ bytes: RawSpan, of exchange: HTTPExchange, file: DownloadFile) -> Bool {
    guard exchange.status == 200 || exchange.status == 206 else {
      errorBody.append(bytes, upTo: Self.errorLimit)
      return exchange.bodyLength <= HTTPExchange.refusalLimit
    }
    if !isHeadRight {
      headProblem = check(exchange, file)
      guard headProblem == nil else { return false }
      isHeadRight = true
    }
    guard UInt64(bytes.byteCount) <= end - at else {
      headProblem = .otherRange("more bytes came than were asked for")
      return false
    }
    unsafe bytes.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
    received += UInt64(bytes.byteCount)
    return buffer.count < Self.bufferLimit || flush(file, upTo: at / Self.page * Self.page)
  }

  /// Writes what has come before `place`; false when it cannot be written.
  @discardableResult
  func flush(_ file: DownloadFile, upTo place: UInt64) -> Bool {
    guard place > front else { return true }
    let count = Int(place - front)
    do throws(Failure) {
      unsafe try file.write(buffer.span.extracting(first: count).bytes, at: front)
    } catch {
      loss = error
      return false
    }
    written += UInt64(count)
    buffer.removeFirst(count)
    return true
  }

  /// Checks the head of an answer that is a success.
  func check(_ exchange: HTTPExchange, _ file: DownloadFile) -> HeadProblem? {
    let size = file.download.size
    if let range = exchange.header("content-range") {
      guard let range = ContentRange(range) else {
        return .otherRange("its Content-Range cannot be read")
      }
      if let whole = range.size, whole != size {
        return file.isTagKnown ? .changed : .otherSize(whole)
      }
      guard range.first == at, range.last == end &- 1 else {
        return .otherRange(
          "bytes \(range.first)-\(range.last) came, not \(at)-\(end &- 1)")
      }
    } else {
      // Range has been lost on the way: what comes is all of it, which can be taken from its start.
      guard exchange.status == 200, at == 0 else {
        return .otherRange("all of it came, not bytes \(at)-\(end &- 1)")
      }
      if let length = exchange.contentLength, length != size { return .otherSize(length) }
      guard file.takeWhole(self) else { return .otherRange("all of it came, not a part") }
      end = size
    }
    if let length = exchange.contentLength, length != end - at {
      return .otherRange("\(length) bytes came, not \(end - at)")
    }
    return file.accept(tag: exchange.header("etag")) ? nil : .changed
  }
}

/// `bytes 0-99/200`, or `bytes 0-99/*`.
struct ContentRange: Equatable {
  let first: UInt64
  let last: UInt64
  let size: UInt64?

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = UInt64(ends[0]), let last = UInt64(ends[1]), first <= last,
      parts[1] == "*" || UInt64(parts[1]) != nil
    else { return nil }
    self.first = first
    self.last = last
    size = UInt64(parts[1])
  }
}

extension HTTPExchange {
  /// nil where it is not known before the end.
  var contentLength: UInt64? { header("content-length").flatMap { UInt64($0) } }
}
