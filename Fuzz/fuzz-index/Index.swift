import Glibc
import InvBytes
import InvFormat
import InvSystem

/// Opens an index in which bytes have been replaced, asks all that readers can ask, and checks it.
///
/// An input is edits, of eight bytes each: number of the file, two bytes of a place in it, how many bytes
/// are replaced, and up to four of them. The checksums of headers are made right, so that what lies
/// behind is found; those of payloads are not looked at.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  // The first byte chooses the index.
  guard let first = input.first else { return 0 }
  let golden = first & 1 == 0 ? packed : raw
  let changed = golden.change(input.dropFirst())
  defer { golden.restore(changed) }
  var isWhole = true
  do throws(Failure) { _ = try IndexCheck(golden.path, checksums: false) } catch {
    precondition(error.status == .data, error.sentence)
    isWhole = false
  }
  do throws(Failure) {
    let index = try Index(golden.path)
    let faults = ask(index)
    precondition(!isWhole || faults == 0, "a whole index does not answer")
  } catch { precondition(!isWhole, "a whole index does not open") }
  return 0
}

/// Asks for all entries; how many questions have no answer.
func ask(_ index: Index) -> Int {
  var faults = 0
  func answer(_ question: () throws(FormatError) -> Void) {
    do throws(FormatError) { try question() } catch { faults += 1 }
  }
  let names = PrefixCursor(index.strings)
  let cells = IndexCells(index)
  var keys = PrefixBatchKeys()
  for position in 0..<min(index.count, 1 << 10) {
    var name: [UInt8] = []
    answer { () throws(FormatError) in try index.strings.read(position, into: &name) }
    answer { () throws(FormatError) in try names.move(to: index.count - 1 - position) }
    answer { () throws(FormatError) in _ = try index.equals(position, name) }
    answer { () throws(FormatError) in _ = try index.equals(position, name + [0x2f]) }
    answer { () throws(FormatError) in _ = try index.find(name) }
    answer { () throws(FormatError) in
      let end = try index.end(of: position)
      var child = position + 1
      while child < end { child = try index.end(of: child) }
    }
    answer { () throws(FormatError) in
      _ = try index.descendants(of: position, levels: position % 4)
    }
    answer { () throws(FormatError) in try cells.readOwn(position) }
    answer { () throws(FormatError) in try cells.readAll(index.count - 1 - position) }
    keys.append(name)
  }
  var found: [FoundPrefix] = []
  answer { () throws(FormatError) in try index.find(keys, into: &found) }
  var rows = IndexRows(index)
  answer { () throws(FormatError) in while try rows.next() {} }
  return faults
}

/// An index in a folder in memory.
final class Golden: Sendable {
  let path: String
  private let names: [String]
  private let contents: [[UInt8]]

  init(_ encoding: String) {
    path = "/dev/shm/inv-fuzz-index-\(getpid())-\(encoding)"
    let source = "Tests/golden/index/\(encoding)"
    unsafe _ = mkdir(path, 0o777)
    var names: [String] = []
    var contents: [[UInt8]] = []
    for name in (try? namesInFolder(source)) ?? [] {
      guard let bytes = try? Descriptor.reading("\(source)/\(name)").contents(limit: 1 << 20) else {
        preconditionFailure("cannot read \(source)/\(name): run me where Tests is")
      }
      Self.write("\(path)/\(name)", bytes)
      guard !name.hasSuffix(".json") else { continue }
      names.append(name)
      contents.append(bytes)
    }
    precondition(!names.isEmpty)
    atexit {
      packed.remove()
      raw.remove()
    }
    (self.names, self.contents) = (names, contents)
  }

  private static func write(_ path: String, _ bytes: [UInt8]) {
    let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    let written = unsafe Glibc.write(number, bytes, bytes.count)
    precondition(written == bytes.count)
    close(number)
  }

  /// Replaces bytes as `edits` has it; the numbers of the files that were changed.
  func change(_ edits: ArraySlice<UInt8>) -> Set<Int> {
    var changed: [Int: [UInt8]] = [:]
    var rest = edits
    while rest.count >= 8 {
      let edit = Array(rest.prefix(8))
      rest = rest.dropFirst(8)
      let file = Int(edit[0]) % names.count
      var bytes = changed[file] ?? contents[file]
      let place = Int(edit[1]) | Int(edit[2]) << 8
      for index in 0..<Int(edit[3] % 5) { bytes[(place + index) % bytes.count] = edit[4 + index] }
      bytes.put(XXH64.hash(bytes.raw.extracting(0..<56)), at: 56)
      changed[file] = bytes
    }
    for (file, bytes) in changed { Self.write("\(path)/\(names[file])", bytes) }
    return Set(changed.keys)
  }

  func remove() {
    for name in (try? namesInFolder(path)) ?? [] { unsafe _ = unlink("\(path)/\(name)") }
    unsafe _ = rmdir(path)
  }

  func restore(_ changed: Set<Int>) {
    for file in changed { Self.write("\(path)/\(names[file])", contents[file]) }
  }
}

let packed = Golden("packed")
let raw = Golden("raw")
