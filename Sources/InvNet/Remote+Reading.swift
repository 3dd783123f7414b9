public import InvBytes
public import InvSystem
public import InvText

extension Remote {
  /// The bytes of something small; nil where a server says that it is not there.
  public func contents(of place: RemotePlace, limit: Int) throws(Failure) -> [UInt8]? {
    let answer = try perform(RemoteRequest(place), limit: limit, seconds: 3600) {
      $0.status == 404 && S3Problem($0).code != "NoSuchBucket"
    }
    return answer.status == 404 ? nil : answer.body
  }

  /// Reads an answer in XML; one that was damaged on its way is asked for again.
  public func document<Result>(
    _ request: RemoteRequest, limit: Int = 64 << 20,
    _ read: (XMLElement) throws(FormatError) -> Result
  ) throws(Failure) -> Result {
    var tries = 3
    while true {
      let answer = try perform(request, limit: limit)
      do throws(FormatError) { return try read(try XML.parse(answer.body)) } catch {
        tries -= 1
        guard tries == 0 else { continue }
        throw Failure(
          "\(request.place.name): the answer is not what was asked for: byte \(error.at):"
            + " \(error.what)", .again)
      }
    }
  }

  /// The names directly below `prefix`, which is empty or ends in a slash: those of objects, and those of
  /// folders with a slash at their end.
  public func names(in bucket: String, below prefix: [UInt8]) throws(Failure) -> [[UInt8]] {
    var names: [[UInt8]] = []
    var token: String?
    var (size, idle) = (0, 0)
    while true {
      var request = RemoteRequest(.object(bucket: bucket, key: []))
      request.verb = "list"
      request.query = [
        ("list-type", "2"), ("encoding-type", "url"), ("delimiter", "/"),
        ("prefix", String(decoding: prefix, as: UTF8.self)),
      ]
      if let token { request.query.append(("continuation-token", token)) }
      let page = try document(request, limit: Self.pageLimit) { root throws(FormatError) in
        try NamesPage(root)
      }
      idle += 1
      for name in page.names where name.starts(with: prefix) && name.count > prefix.count {
        names.append(Array(name.dropFirst(prefix.count)))
        size += name.count - prefix.count
        idle = 0
      }
      guard let next = page.next else { return names }
      guard next != token, names.count <= Self.nameLimit, size <= Self.sizeLimit,
        idle < Self.idleLimit
      else {
        throw .data("s3://\(bucket): the list of names has no end")
      }
      token = next
    }
  }

  /// A folder of more names is none that someone looks through.
  private static let nameLimit = 1 << 20
  private static let sizeLimit = 64 << 20
  /// How many pages in a row may have no names.
  private static let idleLimit = 1000
  private static let pageLimit = 8 << 20
}

/// What a list-objects-v2 with a delimiter answers.
private struct NamesPage {
  var names: [[UInt8]] = []
  /// How the next page is asked for.
  var next: String?

  init(_ root: XMLElement) throws(FormatError) {
    guard root.isNamed("ListBucketResult") else { throw FormatError("no ListBucketResult", at: 0) }
    let isEncoded = root["EncodingType"]?.text == "url"
    for child in root.children {
      let name =
        child.isNamed("Contents")
        ? child["Key"] : child.isNamed("CommonPrefixes") ? child["Prefix"] : nil
      guard let bytes = name?.bytes else { continue }
      names.append(isEncoded ? PercentCoding.decoded(bytes).bytes : Array(bytes))
    }
    guard root["IsTruncated"]?.text == "true" else { return }
    guard let token = root["NextContinuationToken"]?.text, !token.isEmpty else {
      throw FormatError("a page that is not the last has no token", at: 0)
    }
    next = token
  }
}
