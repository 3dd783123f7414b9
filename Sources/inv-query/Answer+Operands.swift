import InvAnswer
import InvBytes
import InvCLI
import InvFormat
import InvSystem

extension Answer {
  /// Answers for each of `prefixes`, and for the root where there is none; false when one is not there.
  func takeAll(_ prefixes: [[UInt8]]) throws(Failure) -> Bool {
    var areAllThere = true
    for operand in prefixes.isEmpty ? [[]] : prefixes {
      if operand == [0x2d] {
        try forEachLine(isNulTerminated: settings.isNulTerminated) { line throws(Failure) in
          if try !take(try local(line)) { areAllThere = false }
        }
      } else {
        guard let wanted = try prefix(of: operand) else {
          areAllThere = false
          continue
        }
        if try !take(wanted) { areAllThere = false }
      }
    }
    return areAllThere
  }

  /// The prefix that an operand means: itself, or what is behind s3://BUCKET/; nil after saying that the
  /// bucket is another.
  private func prefix(of operand: [UInt8]) throws(Failure) -> [UInt8]? {
    guard try isOfBucket(operand) else { return try local(operand) }
    let place = operand.dropFirst(Self.scheme.count)
    let bucket = Array(place.prefix { $0 != 0x2f })
    let origins = index.schema.origins.filter { $0.bucket == bucket }
    guard origins.count == 1 else {
      let name = escaped(bucket)
      command.say(
        origins.isEmpty
          ? "no prefix of bucket '\(name)': the index is of another"
          : "bucket '\(name)' is in the index \(origins.count) times: name the prefix alone")
      return nil
    }
    return slashEnded(origins[0].mount + place.dropFirst(bucket.count + 1))
  }

  private static let scheme = Array("s3://".utf8)

  private func isOfBucket(_ operand: [UInt8]) throws(Failure) -> Bool {
    guard operand.starts(with: Self.scheme) else { return false }
    return try !isThere(slashEnded(operand))
  }

  /// Refuses the prefix of one bucket where there are several indexes.
  func refuseBuckets(_ prefixes: [[UInt8]]) throws(Failure) {
    guard index.isSeveral else { return }
    for operand in prefixes where try isOfBucket(operand) {
      throw .usage("'\(escaped(operand))' is of one bucket: with --and name the prefix alone")
    }
  }

  /// The prefix that a name or a path means: without the mount point that is stripped, and without a
  /// slash in front where the index has no prefix of just that name.
  private func local(_ operand: [UInt8]) throws(Failure) -> [UInt8] {
    if let mount = settings.mount(of: operand) {
      return slashEnded(Array(operand.dropFirst(mount.count + 1)))
    }
    let itself = slashEnded(operand)
    guard operand.first == 0x2f, try !isThere(itself) else { return itself }
    return slashEnded(Array(operand.dropFirst()))
  }

  private func isThere(_ prefix: [UInt8]) throws(Failure) -> Bool {
    try read { () throws(FormatError) in try index.find(prefix) } != nil
  }

  private func slashEnded(_ name: [UInt8]) -> [UInt8] {
    name.isEmpty || name.last == 0x2f ? name : name + [0x2f]
  }
}

/// Reads prefixes from standard input, one a line.
private func forEachLine(
  isNulTerminated: Bool, _ body: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  let end: UInt8 = isNulTerminated ? 0 : 0x0a
  var rest: [UInt8] = []
  while true {
    let piece = try Descriptor.standardInput.piece(upTo: 64 << 10)
    if piece.isEmpty { break }
    rest += piece
    var start = 0
    while let stop = rest[start...].firstIndex(of: end) {
      try body(Array(rest[start..<stop]))
      start = stop + 1
    }
    rest.removeSubrange(..<start)
    guard rest.count <= 2 * Container.keyLimit else {
      throw .data("standard input: a line is longer than \(2 * Container.keyLimit) bytes")
    }
  }
  if !rest.isEmpty { try body(rest) }
}
