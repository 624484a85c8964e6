"""Words that standards fix: roles of people, features of accessibility, names of elements."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MARC = _words("""
    abr acp act adi adp aft anl anm ann ant ape apl app aqt arc ard arr art asg asn ato att auc aud
    aui aus aut bdd bjd bkd bkp blw bnd bpd brd brl bsl cad cas ccp chr cli cll clr clt cmm cmp cmt
    cnd cng cns coe col com con cop cor cos cot cou cov cpc cpe cph cpl cpt cre crp crr crt csl csp
    cst ctb cte ctg ctr cts ctt cur cwt dbd dbp dfd dfe dft dgc dgg dgs dis djo dln dnc dnr dpc dpt
    drm drt dsr dst dtc dte dtm dto dub edc edm edt egr elg elt eng enj etr evp exp fac fds fld flm
    fmd fmk fmo fmp fnd fpy frg fst gis grt his hnr hst ill ilu ins inv isb itr ive ivr jud jug lbr
    lbt ldr led lee lel len let lgd lie lil lit lsa lse lso ltg ltr lyr mcp mdc med mfp mfr mka mod
    mon mrb mrk msd mte mtk mup mus mxe nan nrt onp opn org orm osp oth own pad pan pat pbd pbl pdr
    pfr pht plt pma pmn pnc pop ppm ppt pra prc prd pre prf prg prm prn pro prp prs prt prv pta pte
    ptf pth ptt pup rap rbr rcd rce rcp rdd red ren res rev rpc rps rpt rpy rse rsg rsp rsr rst rth
    rtm rxa sad sce scl scr sde sds sec sfx sgd sgn sht sll sng spk spn spy srv std stg stl stm stn
    str swd tad tau tcd tch ths tld tlf tlg tlh tlp trc trl tyd tyg uvp vac vdg vfx voc wac wal wam
    wat waw wdc wde wfs wft win wit wpr wst wts
""")
"""MARC relators; EPUBCheck takes any three letters for one."""

ACCESS_MODES = _words("""
    auditory chartOnVisual chemOnVisual colorDependent diagramOnVisual mathOnVisual musicOnVisual
    tactile textOnVisual textual visual
""")
SUFFICIENT_MODES = _words("auditory tactile textual visual")
FEATURES = _words("""
    annotations ARIA bookmarks index pageBreakMarkers pageNavigation readingOrder
    structuralNavigation tableOfContents taggedPDF alternativeText audioDescription captions
    closedCaptions describedMath longDescription openCaptions signLanguage transcript
    displayTransformability synchronizedAudioText timingControl unlocked ChemML latex
    latex-chemistry MathML MathML-chemistry ttsMarkup highContrastAudio highContrastDisplay
    largePrint braille tactileGraphic tactileObject fullRubyAnnotations horizontalWriting
    rubyAnnotations verticalWriting withAdditionalWordSegmentation
    withoutAdditionalWordSegmentation none unknown
""")
"""Values of schema:accessibilityFeature; ``printPageNumbers`` is the old name of a marker."""

HAZARDS = _words("""
    flashing motionSimulation sound none unknown noFlashingHazard noMotionSimulationHazard
    noSoundHazard unknownFlashingHazard unknownMotionSimulationHazard unknownSoundHazard
""")
INLINE = _words("""
    a abbr b bdi bdo cite code data dfn em i kbd mark q ruby s samp small span strong sub sup time
    u var
""")
"""Elements of XHTML that stand in a line."""

CODE = _words("pre code kbd samp")
HEADINGS = _words("h1 h2 h3 h4 h5 h6")
FONT_SIZES = _words("xx-small x-small small large x-large xx-large")
PICTURES = _words("png jpg jpeg svg gif webp")
"""Endings of picture files."""
