"""How many threads a speech model gets."""

from models.cores import physical_cores, speech_threads, utterance_threads, utterances_at_once

PROCESSOR = "processor\t: {0}\nphysical id\t: {1}\ncore id\t\t: {2}\n"


def machine(path, *cores):
    path.write_text("\n".join(PROCESSOR.format(number, *core) for number, core in enumerate(cores)))
    return path


def test_two_threads_of_one_core_are_one_core(tmp_path):
    assert physical_cores(machine(tmp_path / "cpuinfo", (0, 0), (0, 0))) == 1
    assert speech_threads(machine(tmp_path / "cpuinfo", (0, 0), (0, 0))) == 1


def test_two_cores_are_worth_two_threads_and_eight_no_more(tmp_path):
    assert speech_threads(machine(tmp_path / "cpuinfo", (0, 0), (0, 1))) == 2
    assert speech_threads(machine(tmp_path / "cpuinfo", *((0, core) for core in range(8)))) == 2


def test_the_same_core_number_of_two_sockets_is_two_cores(tmp_path):
    assert physical_cores(machine(tmp_path / "cpuinfo", (0, 0), (1, 0))) == 2


def test_a_system_that_does_not_tell_has_at_least_one(tmp_path):
    assert physical_cores(tmp_path / "missing") >= 1
    (tmp_path / "empty").write_text("")
    assert physical_cores(tmp_path / "empty") >= 1


def test_where_whole_numbers_are_multiplied_fast_each_core_hears_a_caller_of_its_own(tmp_path):
    fast = machine(tmp_path / "fast", (0, 0), (0, 1))
    fast.write_text(fast.read_text().replace("core id", "flags\t\t: fpu avx512f avx512_vnni\ncore id"))
    assert utterance_threads(fast) == 1
    assert utterances_at_once(1, fast) == 2


def test_elsewhere_two_cores_hear_one_caller(tmp_path):
    plain = machine(tmp_path / "plain", (0, 0), (0, 1))
    assert utterance_threads(plain) == 2
    assert utterances_at_once(2, plain) == 1


def test_a_core_that_is_shared_hears_one_caller_at_a_time(tmp_path):
    shared = machine(tmp_path / "shared", (0, 0), (0, 0))
    assert utterances_at_once(1, shared) == 1


def test_many_cores_are_not_all_for_hearing(tmp_path):
    assert utterances_at_once(1, machine(tmp_path / "many", *((0, core) for core in range(8)))) == 2
