import InvText

@testable import InvSource

/// A bucket in memory with a server's ways of listing it.
struct FakeBucket {
  struct Entry: Equatable {
    var key: [UInt8]
    var version = 0
    var isMarker = false
    var size = 1
  }

  enum Order: CaseIterable {
    case bytes
    case folders
    /// The same, and what is behind a folder's name is behind all that is in it.
    case foldersPassed
  }

  var entries: [Entry] = []
  var order = Order.bytes
  var hasVersions = false
  var hasTokens = true
  var pageSize = 3
  /// Answers with more than was asked for.
  var ignoresLimit = false
  /// Answers to every other question that has no token with an empty page that is not the last.
  var beginsEmpty = false
  /// Answers from the beginning unless there is a token.
  var ignoresStart = false

  init(_ keys: [[UInt8]], order: Order = .bytes, versions: ((Int) -> Int)? = nil) {
    self.order = order
    hasVersions = versions != nil
    let sorted = keys.sorted { Self.precedes($0, $1, order) }
    for (place, key) in sorted.enumerated() {
      for version in 0..<(versions?(place) ?? 1) {
        entries.append(
          Entry(key: key, version: version, isMarker: hasVersions && (place + version) % 5 == 4))
      }
    }
  }

  static func precedes(_ a: [UInt8], _ b: [UInt8], _ order: Order) -> Bool {
    if order == .bytes { return a.lexicographicallyPrecedes(b) }
    func rank(_ byte: UInt8) -> UInt8 { byte == slash ? 0 : max(byte, 1) }
    return a.lexicographicallyPrecedes(b) { rank($0) < rank($1) }
  }

  /// Where the entries behind `mark` begin.
  private func start(_ mark: ListingMark) -> Int {
    if let token = mark.token {
      return Int(String(decoding: token, as: UTF8.self).dropFirst(6)) ?? 0
    }
    if mark.key.isEmpty || (ignoresStart && !hasVersions) { return 0 }
    return entries.firstIndex { entry in
      if let version = mark.version, entry.key == mark.key {
        return entry.version > Int(String(decoding: version, as: UTF8.self).dropFirst()) ?? 0
      }
      if order == .foldersPassed, entry.key.starts(with: mark.key + [slash]) { return false }
      return Self.precedes(mark.key, entry.key, order)
    } ?? entries.count
  }

  /// The answer to a question, as XML.
  func answer(_ question: ListingPlan.Question, prefix: [UInt8]) -> [UInt8] {
    let first = start(question.after)
    let size = question.probe == nil || ignoresLimit ? pageSize : 1
    let rest = entries.indices.dropFirst(first).lazy
    let found = Array(
      rest.filter { entries[$0].key.starts(with: prefix) }.prefix(size + 1))
    let isEmpty = beginsEmpty && hasTokens && question.after.token == nil && first % 2 == 1
    let page = found.prefix(isEmpty ? 0 : size)
    var text = ""
    for place in page { text += element(entries[place]) }
    text += "<EncodingType>url</EncodingType><IsTruncated>\(page.count < found.count)</IsTruncated>"
    if isEmpty {
      if !found.isEmpty { text += "<NextContinuationToken>token \(first)</NextContinuationToken>" }
    } else if page.count < found.count, let last = page.last {
      if hasVersions {
        text += "<NextKeyMarker>\(encoded(entries[last].key))</NextKeyMarker>"
        text += "<NextVersionIdMarker>v\(entries[last].version)</NextVersionIdMarker>"
      } else if hasTokens {
        text += "<NextContinuationToken>token \(last + 1)</NextContinuationToken>"
      }
    }
    let name = hasVersions ? "ListVersionsResult" : "ListBucketResult"
    return Array("<\(name)>\(text)</\(name)>".utf8)
  }

  private func element(_ entry: Entry) -> String {
    let name = !hasVersions ? "Contents" : entry.isMarker ? "DeleteMarker" : "Version"
    var text = "<Key>\(encoded(entry.key))</Key><LastModified>2026-11-01T00:00:00Z</LastModified>"
    if hasVersions {
      text += "<VersionId>v\(entry.version)</VersionId><IsLatest>\(entry.version == 0)</IsLatest>"
    }
    if !entry.isMarker { text += "<Size>\(entry.size)</Size>" }
    return "<\(name)>\(text)</\(name)>"
  }

  private func encoded(_ key: [UInt8]) -> String {
    String(decoding: PercentCoding.encoded(key), as: UTF8.self).replacing("%20", with: "+")
  }
}
