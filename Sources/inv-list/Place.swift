import InvAccess
import InvNet
import InvSource
import InvSystem

/// What is listed: the keys of a bucket that begin with a prefix.
struct Place: Equatable, Sendable {
  let bucket: String
  let prefix: [UInt8]
  let hasVersions: Bool

  /// Reads `s3://BUCKET/[PREFIX]`.
  init(_ operand: [UInt8], hasVersions: Bool) throws(Failure) {
    let scheme = Array("s3://".utf8)
    let rest = operand.dropFirst(scheme.count)
    let bucket = rest.prefix { $0 != 0x2f }
    guard operand.starts(with: scheme), RemotePlace.object(in: Array(bucket), []) != nil else {
      throw .usage("'\(printableName(operand))' is not s3://BUCKET/ or s3://BUCKET/PREFIX")
    }
    self.bucket = String(decoding: bucket, as: UTF8.self)
    prefix = Array(rest.dropFirst(bucket.count + 1))
    self.hasVersions = hasVersions
    guard String(validating: prefix, as: UTF8.self) != nil else {
      throw .usage("the prefix '\(printableName(prefix))' is not UTF-8")
    }
  }

  /// "s3://bucket/prefix".
  var name: [UInt8] { Array("s3://\(bucket)/".utf8) + prefix }

  /// What is asked for a page, or for the first key behind a mark.
  func request(_ question: ListingPlan.Question) throws(Failure) -> RemoteRequest {
    var request = RemoteRequest(.object(bucket: bucket, key: []))
    request.verb = "list"
    request.query = [("encoding-type", "url"), ("max-keys", question.probe == nil ? "1000" : "1")]
    if !prefix.isEmpty { request.query.append(("prefix", try text(prefix))) }
    let after = question.after
    if hasVersions {
      request.query.append(("versions", ""))
      if !after.key.isEmpty { request.query.append(("key-marker", try text(after.key))) }
      if let version = after.version {
        request.query.append(("version-id-marker", try text(version)))
      }
    } else {
      request.query.append(("list-type", "2"))
      if let token = after.token {
        request.query.append(("continuation-token", try text(token)))
      } else if !after.key.isEmpty {
        request.query.append(("start-after", try text(after.key)))
      }
    }
    return request
  }

  private func text(_ bytes: [UInt8]) throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .data("'\(printableName(bytes))' is not UTF-8: the listing cannot go on behind it")
    }
    return text
  }
}
