import InvCLI

command.main(checkAll)
