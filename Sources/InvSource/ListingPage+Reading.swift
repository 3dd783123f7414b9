public import InvBytes
import InvFormat
import InvText

extension ListingPage {
  /// Reads an answer of ListObjectsV2 or ListObjectVersions, up to the end of the range.
  ///
  /// An error when it is none, or cannot be the answer to the request.
  public init(_ body: [UInt8], to request: Request) throws(FormatError) {
    self.init(orders: request.orders)
    let root = try XML.parse(body)
    guard root.isNamed(request.hasVersions ? "ListVersionsResult" : "ListBucketResult") else {
      throw FormatError("<\(root.name)> is no listing", at: 0)
    }
    let tree = root.tree
    var marks = Marks()
    var place = 1
    while place < tree.end(0) {
      if !Self.isRow(tree, place) { marks.take(tree[place]) }
      place = tree.end(place)
    }
    rows.reserveCapacity(1024)
    keys.reserveCapacity(1 << 16)
    place = 1
    while place < tree.end(0), !isCut {
      if Self.isRow(tree, place) { try take(tree, body, place, marks.isEncoded, request) }
      place = tree.end(place)
    }
    guard let isTruncated = marks.isTruncated else {
      throw FormatError("it does not say whether there are more keys", at: 0)
    }
    if isTruncated && !isCut { mark = try self.mark(marks, request) }
  }

  /// What an answer says beside its rows.
  private struct Marks {
    var isEncoded = false
    var isTruncated: Bool?
    var token: [UInt8]?
    var key: [UInt8]?
    var version: [UInt8]?

    mutating func take(_ element: XMLElement) {
      let bytes = Array(element.bytes)
      switch element.name {
      case "EncodingType": isEncoded = bytes == Array("url".utf8)
      case "IsTruncated":
        isTruncated = ["true": true, "false": false][String(decoding: bytes, as: UTF8.self)]
      case "NextContinuationToken": token = bytes.isEmpty ? nil : bytes
      case "NextKeyMarker": key = bytes.isEmpty ? nil : bytes
      case "NextVersionIdMarker": version = bytes.isEmpty ? nil : bytes
      default: break
      }
    }
  }

  private static func isRow(_ tree: XMLTree, _ place: Int) -> Bool {
    tree.isNamed(place, "Contents") || tree.isNamed(place, "Version")
      || tree.isNamed(place, "DeleteMarker")
  }

  private func mark(_ marks: Marks, _ request: Request) throws(FormatError) -> ListingMark {
    let known = lastKey ?? request.after.key
    var mark = ListingMark(key: known)
    if request.hasVersions {
      mark.version = marks.version
      if let key = marks.key {
        mark.key = marks.isEncoded ? PercentCoding.decoded(key).bytes : key
        // Not all servers that encode keys encode this one.
        if key == known { mark.key = key }
        let rising = KeyOrders.rising(known, mark.key)
        guard mark.key == known || orders.isEmpty || !rising.isDisjoint(with: orders) else {
          throw FormatError(
            "it goes on at \(Self.text(mark.key)), before \(Self.text(known))", at: 0)
        }
      }
    } else {
      mark.token = marks.token
    }
    if mark == request.after {
      throw FormatError("there are more keys, but it does not say where", at: 0)
    }
    return mark
  }

  private mutating func take(
    _ tree: XMLTree, _ text: [UInt8], _ place: Int, _ isEncoded: Bool, _ request: Request
  ) throws(FormatError) {
    guard tree.isNamed(place, "Contents") != request.hasVersions else {
      throw FormatError("<\(tree[place].name)> in <\(tree[0].name)>", at: 0)
    }
    let isMarker = tree.isNamed(place, "DeleteMarker")
    var row = Row(start: keys.count, count: 0)
    if isMarker { row.state = .marker }
    var (hasSize, hasClass) = (isMarker, false)
    var field = place + 1
    while field < tree.end(place) {
      if tree.isNamed(field, "Key") {
        takeKey(tree.range(field).map { text[$0] } ?? tree[field].bytes, isEncoded)
      } else if tree.isNamed(field, "Size") {
        let plain = tree.range(field)
        let digits = plain == nil ? Array(tree[field].bytes) : text
        guard let size = Self.number(digits, plain) else {
          throw FormatError("a size that is no number", at: 0)
        }
        row.size = size
        hasSize = true
      } else if tree.isNamed(field, "LastModified") {
        row.modified = try Self.time(tree, text, field)
      } else if tree.isNamed(field, "StorageClass"), !isMarker {
        row.storageClass = try number(of: tree.range(field).map { text[$0] } ?? tree[field].bytes)
        hasClass = true
      } else if tree.isNamed(field, "IsLatest"), !isMarker {
        if !tree[field].bytes.elementsEqual("true".utf8) { row.state = .noncurrent }
      }
      field = tree.end(field)
    }
    row.count = keys.count - row.start
    guard hasSize else { throw FormatError("an object without a size", at: 0) }
    if !hasClass { row.storageClass = try number(of: isMarker ? [] : standard) }
    try admit(&row, to: request)
  }

  private mutating func takeKey(_ key: ArraySlice<UInt8>, _ isEncoded: Bool) {
    if isEncoded, key.contains(where: { $0 == percent || $0 == plus }) {
      keys += PercentCoding.decoded(key).bytes
    } else {
      keys += key
    }
  }

  private static func time(_ tree: XMLTree, _ text: [UInt8], _ place: Int) throws(FormatError)
    -> Int64
  {
    if let range = tree.range(place) {
      let seconds = unsafe text.withUnsafeBytes { bytes in
        unsafe Timestamp.parseS3(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
      if let seconds { return seconds }
      if range.isEmpty { return absentInt }
    }
    return try Timestamp.seconds(from: tree[place].bytes)
  }

  /// The place of a class among the classes.
  private mutating func number(of name: ArraySlice<UInt8>) throws(FormatError) -> Int {
    if let last = rows.last?.storageClass, classes[last].elementsEqual(name) { return last }
    if let place = classes.firstIndex(where: { $0.elementsEqual(name) }) { return place }
    guard classes.count < 1024 else { throw FormatError("more than 1024 classes", at: 0) }
    classes.append(Array(name))
    return classes.count - 1
  }

  /// The number that the digits at `range` spell; all of the text where that is nil.
  private static func number(_ text: [UInt8], _ range: Range<Int>?) -> UInt64? {
    let range = range ?? text.indices
    var number: UInt64 = 0
    for place in range {
      let digit = text[place] &- 0x30
      let (ten, first) = number.multipliedReportingOverflow(by: 10)
      let (sum, second) = ten.addingReportingOverflow(UInt64(digit))
      if digit > 9 || first || second { return nil }
      number = sum
    }
    return range.isEmpty ? nil : number
  }
}

private let standard = Array("STANDARD".utf8)[...]
