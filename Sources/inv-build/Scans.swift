import InvAccess
import InvCLI
import InvSource
import InvSystem

/// Data files that are no manifests, such as scans of filesystems: inv-parse reads them itself.
struct Scans {
  let operands: [Operand]
  /// Options of inv-parse that are asked for here.
  let options: [[UInt8]]
  /// How many bytes the files have; nil when one of them is a pipe.
  let bytes: UInt64?

  /// nil when the operands are manifests, or lead to some.
  init?(_ operands: [Operand], _ settings: Settings) throws(Failure) {
    // These say what files are, the others only how what shows itself is meant.
    let isTold = settings.dataOptions.contains {
      ["format", "template", "schema", "columns"].contains($0)
    }
    var bytes: UInt64? = 0
    var manifest: Operand?
    var count = 0
    for operand in operands {
      let (isData, size) = try Self.look(at: operand, isTold: isTold)
      if isData { count += 1 } else { manifest = manifest ?? operand }
      bytes = bytes.flatMap { sum in size.map { sum.addingReportingOverflow($0).partialValue } }
    }
    if let manifest {
      guard count == 0 else {
        throw .usage(
          "'\(printableName(manifest.bytes))' leads to a manifest, but other operands are data files:"
            + " make an index of each")
      }
      if let told = settings.dataOptions.first {
        throw .usage("--\(told) is for data files: a manifest says what it lists")
      }
      return nil
    }
    if operands.isEmpty { return nil }
    guard operands.count == 1 || !operands.contains(where: Self.isStandardInput) else {
      throw .usage("-, standard input, is to be the only data file")
    }
    if settings.isIfNewer { throw .usage("--if-newer is for manifests: a data file has none") }
    if settings.areRunsKept {
      throw .usage("--keep-runs is for manifests: data files may have changed since the last time")
    }
    guard settings.mounts.count < 2 else {
      throw .usage("--mount: \(settings.mounts.count) for data files, which have one")
    }
    if let option = settings.handed["inv-fetch"]?.first {
      let name = String(decoding: option.prefix { $0 != 0x3d }, as: UTF8.self)
      throw .usage("\(name) is for manifests: data files are read where they are")
    }
    var options: [[UInt8]] = []
    if let snapshot = settings.snapshot { options.append(Array("--snapshot=\(snapshot)".utf8)) }
    for mount in settings.mounts { options.append(Array("--mount=".utf8) + mount) }
    self.operands = operands
    self.options = options
    self.bytes = bytes
  }

  private static func isStandardInput(_ operand: Operand) -> Bool { operand.bytes == [0x2d] }

  /// Whether `operand` is a data file, which is so of any file if it `isTold`; and its size.
  private static func look(at operand: Operand, isTold: Bool) throws(Failure)
    -> (isData: Bool, size: UInt64?)
  {
    if isStandardInput(operand) { return (true, nil) }
    if isRemote(operand.text) { return (false, nil) }
    let path = try operand.path()
    // What is not there is looked for where manifests are.
    guard let status = try FileStatus.of(path) else { return (false, nil) }
    switch status.kind {
    case .folder: return (false, nil)
    case .file:
      if isTold { return (true, status.size) }
      var front = [UInt8](repeating: 0, count: ManifestFront.reach)
      let count = try Descriptor.reading(path).fill(&front, at: 0)
      guard count > 0 else {
        throw .data(
          "\(printable(path)): the file is empty; with --format it is one of data without rows")
      }
      return (!ManifestFront.mayBegin(front.prefix(count)), status.size)
    default: return (true, nil)
    }
  }
}
