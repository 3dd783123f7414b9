/// What `--version` tells: the program's version and those of the formats it reads and writes.
public enum Version {
  public static let program = "0.1"
  public static let rows = 1
  public static let index = 1
}
