import InvDigest
import InvSystem

/// A file that is being fetched: the network's thread writes it, one of the hashing threads at a time
/// follows.
final class DownloadFile: @unchecked Sendable {
  let download: Download
  private let output: Descriptor
  private let input: Descriptor
  // The network's thread's own:
  /// Which of the places it is taken from.
  private(set) var place = 0
  /// Parts that have been begun and are not whole.
  var parts: [DownloadPart] = []
  /// What no part has been begun of.
  private var rest: Range<UInt64>
  /// The version that all parts must be of, once the first answer has said it.
  private var tag: String?
  private(set) var isTagKnown = false
  /// Asked for in one go: on its way, ranges are lost.
  private var isRangeless = false
  private var restarts = 0
  /// Why it could not be taken from the first of the places.
  var firstRefusal: Failure?

  // Guarded by the downloader's monitor:
  /// All bytes before it have been written; and whether those are all there are.
  var front: UInt64 = 0
  var isComplete = false
  /// Whether its MD5 has been found wrong or right.
  var isJudged = false
  /// Changes when the file is begun anew.
  private(set) var generation = 0
  /// Whether a thread is hashing, which may use what follows; else who holds the monitor may.
  var isBeingHashed = false
  var hashed: UInt64 = 0
  var md5: MD5?

  /// Creates the file.
  init(_ download: Download) throws(Failure) {
    self.download = download
    output = try Temporaries.shared.create(download.path)
    input = try Descriptor.reading(download.path)
    rest = 0..<download.size
  }

  var source: RemotePlace { download.places[place] }

  /// What asks for `part`, or for what is left of it.
  func request(_ part: DownloadPart) -> RemoteRequest {
    part.isWhole
      ? RemoteRequest(source) : RemoteRequest(source, range: part.at..<part.end, tag: tag)
  }

  /// The next part to begin, when there is one that may begin now.
  func nextPart(of size: UInt64) -> DownloadPart? {
    // Until the first answer has come, the version is not known; and an empty file has no ranges.
    guard parts.isEmpty && !isTagKnown || isTagKnown && !rest.isEmpty else { return nil }
    let end = rest.lowerBound + min(isRangeless ? .max : size, rest.upperBound - rest.lowerBound)
    let part = DownloadPart(rest.lowerBound..<end)
    rest = end..<rest.upperBound
    parts.append(part)
    return part
  }

  /// Whether all that has been begun is whole, and everything has been begun.
  var isWhole: Bool { isTagKnown && parts.isEmpty && rest.isEmpty }

  /// Everything before this has been written.
  var writtenFront: UInt64 { parts.map(\.front).min() ?? rest.lowerBound }

  /// Whether an answer is of the same version as the others.
  func accept(tag: String?) -> Bool {
    if !isTagKnown {
      isTagKnown = true
      self.tag = tag
      return true
    }
    return self.tag == nil || tag == nil || self.tag == tag
  }

  /// Has `part`, which begins at 0, go on to the end of the file; false when others have been begun.
  func takeWhole(_ part: DownloadPart) -> Bool {
    guard parts.count == 1, parts[0] === part, rest.lowerBound == part.end else { return false }
    rest = rest.upperBound..<rest.upperBound
    return true
  }

  func write(_ bytes: RawSpan, at offset: UInt64) throws(Failure) {
    var failure: Failure?
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(Failure) { unsafe try output.write(bytes, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  func read(_ bytes: inout [UInt8], at offset: UInt64) throws(Failure) -> Int {
    try input.fill(&bytes, at: offset)
  }

  /// Begins anew, at the next place if `elsewhere`; false when there is none, or it has been begun too
  /// often.
  func restart(elsewhere: Bool) -> Bool {
    if elsewhere {
      guard place + 1 < download.places.count else { return false }
      place += 1
    } else {
      guard restarts < 3 else { return false }
      restarts += 1
    }
    parts = []
    rest = 0..<download.size
    tag = nil
    isTagKnown = false
    return true
  }

  /// Has the file asked for in one go when it is begun anew.
  func avoidRanges() { isRangeless = true }

  /// The same for those who hash, under the monitor.
  func forget() {
    generation += 1
    front = 0
    isComplete = false
    isJudged = false
    if !isBeingHashed { forgetHash() }
  }

  func forgetHash() {
    hashed = 0
    md5 = nil
  }

  /// The file as its owner gets it.
  func finished() throws(Failure) -> DownloadedFile {
    DownloadedFile(
      number: download.number, path: download.path, place: source,
      descriptor: try Descriptor.reading(download.path))
  }
}
