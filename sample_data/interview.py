"""A research interview as Zoom writes it: WebVTT, numbered cues, the speaker's name in front of each."""

from pathlib import Path

import constants as c

INTERVIEWER = "Nora Feldhuis"
GUEST = "Martin Northcote"

# Nora works for Tidelane; Martin is operations manager at a facility services firm with six sites, 140 staff.
TURNS = (
    (INTERVIEWER, "Good morning Martin, can you hear me well?"),
    (GUEST, "Morning Nora. Yes, loud and clear. Sorry, I am in the site office, it might get noisy."),
    (INTERVIEWER, "No problem at all. Thanks for taking the time. I am not here to sell anything today. I would like to understand how you work and how you came to us. Is it fine if I record this?"),
    (GUEST, "Sure, go ahead. As long as I can be honest."),
    (INTERVIEWER, "Please be. Could you start by telling me what you do?"),
    (GUEST, "I am the operations manager. We do cleaning, maintenance and a bit of grounds work. Six sites, about a hundred and forty people, most of them part time. My job is that on Monday morning at five somebody stands at every door that has to be opened."),
    (INTERVIEWER, "And how long have you been doing that?"),
    (GUEST, "Nine years. I started as a team leader, cleaning a hospital at night. So I know what it looks like from the other end."),
    (INTERVIEWER, "Take me back to the time before Tidelane. How did you plan a normal week?"),
    (GUEST, "Spreadsheets. Every branch had its own spreadsheet. Six files, six colours, and nobody dared to touch the other one's file. On Friday afternoon they mailed them to me and I copied it all into one big file. That took me most of Friday and a good part of Sunday evening."),
    (INTERVIEWER, "How many hours would you say?"),
    (GUEST, "Twelve, maybe fourteen hours a week. And by Monday at ten it was wrong already."),
    (INTERVIEWER, "Why was it wrong?"),
    (GUEST, "Somebody calls in sick. That is normal, we have five or six a day. Then the team leader calls me. I call another site. They say they have nobody. I find out at noon that they had somebody, he was just not on the list. So I was a switchboard. A very expensive switchboard."),
    (INTERVIEWER, "What did that feel like?"),
    (GUEST, "Honestly? I dreaded the phone. My wife used to say she could tell by the ringtone what kind of day it would be. I never had a quiet Sunday evening. You always think, is the night shift covered, did I forget somebody."),
    (INTERVIEWER, "And what did it mean for the business?"),
    (GUEST, "Overtime, mostly. We paid people to stand in the wrong place. We had empty trips between the sites, vans driving half full across the city. And the worst is when the client notices before you do."),
    (INTERVIEWER, "Did that happen?"),
    (GUEST, "Oh yes. That was the moment, actually. In March two years ago we missed a night shift at the clinic. Nobody turned up. The clinic called our managing director at home at six in the morning. Three weeks later they gave us notice. That contract was eleven percent of our turnover."),
    (INTERVIEWER, "I am sorry. Was that when you started to look for something?"),
    (GUEST, "That was the day. The managing director came into my office and said, I never want to get such a call again, find something. And in the same month we took over a small competitor with two more sites. So from four sites to six, and I knew the spreadsheet would not survive that."),
    (INTERVIEWER, "So two things came together."),
    (GUEST, "Yes. The lost client and the takeover. One of the two alone, we would probably have muddled on."),
    (INTERVIEWER, "Had you thought about software before?"),
    (GUEST, "We had a licence for the planning module of our ERP. Nobody used it. It was made for factories. You cannot tell it that Aisha can work at the school and at the clinic, but not at the airport because of her badge."),
    (INTERVIEWER, "Where did you look first?"),
    (GUEST, "I asked people I know. We have a regional meeting of the trade association, four times a year. I asked at the bar, to be honest. Two of them said, look at Tidelane. One of them said, look at anything but the thing we bought."),
    (INTERVIEWER, "What about search, adverts, trade fairs?"),
    (GUEST, "I searched, of course. You find forty products and they all say the same. Adverts I don't see any more. The trade fair in Cologne I go to, but more for the machines. I read the association's newsletter, and there is a podcast about facility management that I listen to in the car."),
    (INTERVIEWER, "How many did you put on your list?"),
    (GUEST, "Three. You, one of the big ones, and one that a consultant brought along."),
    (INTERVIEWER, "And what did you compare?"),
    (GUEST, "First, can it plan people across sites. Not jobs, people. That was the most important one. Second, proof of work, so that I can show the client the same evening that we were there. Third, does the app work without reception, because cellars. Price was on the list, but it was not in the top three."),
    (INTERVIEWER, "Who else had a say?"),
    (GUEST, "The head of finance, because of payroll. The works council, because of the location data. And two team leaders, I insisted on that. The managing director signed, but he never saw the product."),
    (INTERVIEWER, "Was there anything that nearly stopped it?"),
    (GUEST, "The works council. They said, now you want to track us. You solved that well, you showed that it only stamps at the door and not on the way. And I was worried about our older colleagues. We have people who are with us for thirty years and do not want an app."),
    (INTERVIEWER, "How did you deal with that worry?"),
    (GUEST, "We did a pilot. Two sites, four weeks. I picked the site with the most difficult team leader on purpose. After ten days she came and said, can we keep it. Then I knew."),
    (INTERVIEWER, "What had changed for her?"),
    (GUEST, "She did not have to phone me any more. She saw who is where. She could ask for somebody from the neighbour site herself, and he got it on his phone in the van. She said, I can finally plan my own people instead of begging for them."),
    (INTERVIEWER, "That is a lovely sentence. How long was it from the first call to the contract?"),
    (GUEST, "Five weeks, with the pilot. Quick for us. The ERP took two years. But we had pressure, and I had the numbers."),
    (INTERVIEWER, "Which numbers did you use?"),
    (GUEST, "My own hours, first. Then overtime of the last six months, and the contract we lost. I put it on one page. Finance said, that is a no-brainer, why are you even asking."),
    (INTERVIEWER, "And today, what does a Monday look like?"),
    (GUEST, "I get up at six, not at four. I look at the board on my phone while the kettle boils. Red means somebody is missing. Usually the team leader has already solved it. One plan for all sites. That is really the whole story."),
    (INTERVIEWER, "Can you put a figure on it?"),
    (GUEST, "Overtime is down by about a tenth. We were going to hire a fourth planner, we did not. And Friday afternoon I go home. I coach my daughter's football team now, on Fridays. Before, that was impossible."),
    (INTERVIEWER, "What do your clients notice?"),
    (GUEST, "The proof of work. We send it the same evening, with times and photos. The school authority asked the others in the tender for the same thing, and they could not do it. We won that one. It is our largest contract now."),
    (INTERVIEWER, "What about your managing director?"),
    (GUEST, "He gets hours per site every month. He looks good in the meeting with the owners. He says we are a modern company now. Fine with me."),
    (INTERVIEWER, "What is still annoying? You promised to be honest."),
    (GUEST, "Subcontractors. In summer I have window cleaners from outside and I cannot see them in the plan. So for them I have, I am ashamed to say it, a spreadsheet. And night shifts across midnight are cut in two in one of the reports. Finance complains every month."),
    (INTERVIEWER, "I will take both with me. If Tidelane disappeared tomorrow, what would you do?"),
    (GUEST, "Panic. No, really, I would call the second one on the list on the same day. I could not go back to six spreadsheets. I would need two more people for that."),
    (INTERVIEWER, "Whom would you tell to buy it, and whom not?"),
    (GUEST, "Anybody with three sites or more who shares people between them. From about fifty staff it starts to hurt. If you have one building and ten people, leave it, a calendar is enough. And the giants with thousands of people have their own systems and two years of projects."),
    (INTERVIEWER, "Have you recommended us?"),
    (GUEST, "Twice at the association. One of them is a customer now, I think. I would not put my name on something that fails me on a Monday."),
    (INTERVIEWER, "Last question. What is coming up for you in the next year?"),
    (GUEST, "Wages go up again in January. So we have to know where every hour goes. And we want to open two more branches, in the north. I am looking forward to it, and I would never have said that two years ago."),
    (INTERVIEWER, "What would help you most with that?"),
    (GUEST, "Copy a site. I open a branch, I take the plan of a similar one, change the names and go. And a new planner has to be productive in a week, not in three months."),
    (INTERVIEWER, "Martin, thank you. That was very helpful. I will send you the notes."),
    (GUEST, "Pleasure. Now I have to go, there is a red dot at the clinic. We got them back, by the way. Last autumn."),
    (INTERVIEWER, "You got the clinic back? Congratulations!"),
    (GUEST, "They asked who can prove the night shift. Well. We can. Bye Nora."),
)  # fmt: skip


def write_interview(path: Path) -> None:
    """One cue per sentence; long cues take longer, and people pause between turns."""
    random = c.stream("interview")
    lines = ["WEBVTT", ""]
    clock, number = 3.2, 0
    for speaker, text in TURNS:
        for sentence in _sentences(text):
            number += 1
            seconds = 0.9 + len(sentence) / 15 + random.uniform(0, 0.6)
            lines += [
                str(number), f"{_stamp(clock)} --> {_stamp(clock + seconds)}", f"{speaker}: {sentence}", ""
            ]  # fmt: skip
            clock += seconds + random.uniform(0.05, 0.4)
        clock += random.uniform(0.3, 1.6)
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _sentences(text: str) -> list[str]:
    """Cut after a full stop, question or exclamation mark; very short pieces join the one before."""
    sentences: list[str] = []
    start = 0
    for i, letter in enumerate(text):
        if letter in ".?!" and (i + 1 == len(text) or text[i + 1] == " "):
            piece = text[start : i + 1].strip()
            start = i + 1
            if sentences and len(piece) < 12:
                sentences[-1] += " " + piece
            else:
                sentences.append(piece)
    return sentences


def _stamp(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}:{rest:06.3f}"
