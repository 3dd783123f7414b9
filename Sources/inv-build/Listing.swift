import InvCLI
import InvSource
import InvSystem

/// What is listed because it has no inventory: the keys of a bucket that begin with a prefix.
struct Listing {
  let operand: Operand
  /// Options that inv-list has too.
  let options: [[UInt8]]

  /// Refuses what a listing cannot be asked for.
  init(_ operands: [Operand], _ settings: Settings) throws(Failure) {
    guard operands.count == 1 else {
      throw .usage("--list takes one s3://BUCKET/[PREFIX], and no manifest beside it")
    }
    operand = operands[0]
    guard operand.bytes.starts(with: "s3://".utf8) else {
      throw .usage(
        "--list: '\(printableName(operand.bytes))' is not s3://BUCKET/ or s3://BUCKET/PREFIX")
    }
    if settings.isIfNewer {
      throw .usage("--if-newer is for manifests: a listing is always new")
    }
    if settings.areRunsKept {
      throw .usage("--keep-runs is for manifests: no listing is the last one again; see --keep")
    }
    guard settings.mounts.count < 2 else {
      throw .usage("--mount: \(settings.mounts.count) for one listing")
    }
    var options: [[UInt8]] = []
    for word in ["inv-fetch", "inv-parse"].flatMap({ settings.handed[$0] ?? [] }) {
      let name = String(decoding: word.prefix { $0 != 0x3d }, as: UTF8.self)
      guard ["--keep", "--exclude"].contains(name) else {
        throw .usage("\(name) is for manifests, not for --list")
      }
      options.append(word)
    }
    if settings.hasVersions { options.append(Array("--versions".utf8)) }
    if let snapshot = settings.snapshot { options.append(Array("--snapshot=\(snapshot)".utf8)) }
    for mount in settings.mounts { options.append(Array("--mount=".utf8) + mount) }
    self.options = options
  }
}
