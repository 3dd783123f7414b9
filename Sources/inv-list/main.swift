import InvCLI

command.main(list)
